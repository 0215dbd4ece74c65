package scenario

import (
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// unhurried are keep-alive clients whose next request comes at a random moment.
func unhurried(clients, requests int) driver.Load {
	return driver.Load{
		Clients: clients, Requests: requests, MaxBody: 100_000, Pause: 30 * time.Millisecond,
		Manners: []driver.Manner{driver.KeepAlive, driver.KeepAlive, driver.KeepAlive, driver.Upload},
	}
}

// A request that comes at a random moment around a restart is answered.
func TestScenarioDrainAroundRestarts(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		n := driver.Scaled(10_000)
		load := s.Load(unhurried(32, n))
		for load.AtLeast(n) != nil {
			if out, status := s.Run("restart"); status != 0 {
				s.Fatalf("restart: exit status %d, printed %s", status, out)
			}
		}
		s.Judge(load.Wait())
		s.Settled()
	})
}

// A request that comes at a random moment around a stop is answered, or the
// server had ended the connection and the request does not run. What was
// connected sees the end of the connection, never a reset.
func TestScenarioDrainAroundStops(t *testing.T) {
	const clients = 100
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		for i := range driver.Scaled(10_000) / clients {
			if i > 0 {
				s.StartAgain()
			}
			load := s.Load(unhurried(clients, 0))
			s.Eventually("every client is connected", func() error { return load.AtLeast(2 * clients) })
			if status := s.Stop(); status != 0 {
				t.Errorf("exit status %d", status)
			}
			outcomes := load.Stop()
			for _, one := range outcomes.All {
				if one.Status == 0 && !clean(one.Err) {
					t.Errorf("%s: %v", one.ID, one.Err)
				}
			}
			s.JudgeStopped(outcomes)
			s.NothingLeft()
		}
	})
}

// clean tells whether a connection ended as HTTP lets it end between requests,
// or was never made.
func clean(err error) bool {
	return err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNREFUSED)
}
