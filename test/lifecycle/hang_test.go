package lifecycle

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// stacks is how a dump begins: Go and Node, Python.
var stacks = regexp.MustCompile(`SIGQUIT|most recent call first`)

// A request that never returns costs its own client a 504, and its worker shows
// in the log where it hung.
func TestHungWorker(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		o.Args = []string{"--request-timeout=2s"}
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(4))
		p := s.Go("hangs", "/hang")
		pid := s.AwaitRunning("hangs")
		if a := p.Answer(); a.Status != 504 || a.Header.Get("Proxy-Status") == "" {
			t.Errorf("got %d %v, want 504", a.Status, a.Header)
		}
		s.AwaitGone(pid)
		if err := s.Journal().Ran("hangs", 1, 0); err != nil {
			t.Error(err)
		}
		s.Eventually("the stacks of the worker are in the log with its request", func() error {
			request := s.LastLine(`"path":"/hang"`).ID
			for _, line := range s.LogLines("") {
				if request != "" && stacks.MatchString(line) && strings.Contains(line, request) {
					return nil
				}
			}
			return fmt.Errorf("no dump for request %q", request)
		})
		s.Judge(load.Stop())
		s.Settled()
	})
}
