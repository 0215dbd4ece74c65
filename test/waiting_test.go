package test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// crowd has clients ask for a page again and again until it is called off.
func crowd(s *driver.Server, clients int, target string) (disperse func()) {
	quit := make(chan struct{})
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for {
				select {
				case <-quit:
					return
				default:
					_, _ = s.Ask("GET", target) // the log is what matters
				}
			}
		})
	}
	return func() {
		close(quit)
		all.Wait()
	}
}

// When requests wait because all workers compute, more workers are no remedy and
// none is named. When they wait because all workers wait, it is named, once.
func TestTooFewWorkers(t *testing.T) {
	const line = "more workers would help"
	driver.BothSockets(t, func(t *testing.T, socket string) {
		t.Parallel()
		s := driver.Start(t, driver.Options{Workers: 2, Socket: socket, Quiet: true, Args: []string{"--queue-timeout=60s"}})
		disperse := crowd(s, 6, "/cpu?ms=100")
		s.Eventually("requests wait", func() error {
			if st, err := s.Status(); err != nil || st.Queued == 0 {
				return fmt.Errorf("none does, %v", err)
			}
			return nil
		})
		// Of that nothing comes there is no sign, so it is given more than the time
		// that it takes otherwise.
		time.Sleep(7 * time.Second)
		disperse()
		if lines := s.LogLines(line); len(lines) > 0 {
			t.Errorf("it computes, and the log says %q", lines)
		}
		disperse = crowd(s, 8, "/sleep?ms=2000")
		s.Eventually("the log says what would help", func() error {
			if len(s.LogLines(line)) == 0 {
				return errors.New("it does not")
			}
			return nil
		})
		lines := s.LogLines(line)
		if len(lines) != 1 || !strings.Contains(lines[0], "w:8") && !strings.Contains(lines[0], "w:4") {
			t.Errorf("it says %q", lines)
		}
		s.Kill()
		disperse()
	})
}
