package test

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// execPrograms are the programs that are stopped and restarted under load.
func execPrograms(t *testing.T, test func(t *testing.T, s *driver.Server)) {
	t.Run("adopter", func(t *testing.T) { test(t, startExec(t, "")) })
	t.Run("gunicorn", func(t *testing.T) { test(t, startGunicorn(t)) })
}

// A rolling restart under load, without an error.
func TestExecRestart(t *testing.T) {
	execPrograms(t, func(t *testing.T, s *driver.Server) {
		load := s.Load(driver.Mixed(8))
		for range max(1, driver.Scaled(10)) {
			old := s.WorkerPIDs()
			if out, status := s.Run("restart"); status != 0 {
				t.Errorf("restart: exit status %d, printed %s", status, out)
			}
			s.AwaitGone(old...)
		}
		s.Judge(load.Stop())
		s.Settled()
	})
}

// A stop under load answers all that was accepted.
func TestExecStop(t *testing.T) {
	execPrograms(t, func(t *testing.T, s *driver.Server) {
		load := s.Load(driver.Load{Clients: 8, Manners: []driver.Manner{driver.KeepAlive, driver.Pipelined}})
		s.Eventually("there is load", func() error { return load.AtLeast(200) })
		programs := s.WorkerPIDs()
		if out, status := s.Run("stop"); status != 0 {
			t.Errorf("stop: exit status %d, printed %s", status, out)
		}
		if status := s.Exit(); status != 0 {
			t.Errorf("exit status %d", status)
		}
		s.JudgeStopped(load.Stop())
		s.AwaitGone(programs...)
		nothingLeft(t, s)
	})
}
