package lifecycle

import (
	"syscall"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// What is in flight when the server is told to stop is answered.
func TestStopAnswersWhatIsInFlight(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		o.Workers = 2
		for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
			s := driver.Start(t, o)
			inFlight := s.Go("in-flight", "/sleep?ms=700")
			s.AwaitRunning("in-flight")
			workers := s.WorkerPIDs()
			s.Signal(sig)
			if a := inFlight.Answer(); a.Status != 200 || !a.Close {
				t.Errorf("%v: got %d, close %v", sig, a.Status, a.Close)
			}
			if status := s.Exit(); status != 0 {
				t.Errorf("%v: exit status %d", sig, status)
			}
			s.AwaitGone(workers...)
			s.NothingLeft()
		}
	})
}

// A stop under load loses nothing that was accepted.
func TestStopUnderLoad(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		load := s.Load(driver.Load{Clients: 16, Manners: []driver.Manner{driver.KeepAlive, driver.Pipelined}})
		s.Eventually("there is load", func() error { return load.AtLeast(500) })
		out, status := s.Run("stop")
		if status != 0 {
			t.Errorf("stop: exit status %d, printed %s", status, out)
		}
		if status := s.Exit(); status != 0 {
			t.Errorf("exit status %d", status)
		}
		// Connections that the server no longer took broke before an answer;
		// the journal must not know their requests.
		s.JudgeStopped(load.Stop())
		s.NothingLeft()
	})
}
