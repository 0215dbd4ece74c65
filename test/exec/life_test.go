package exec

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// execPrograms are the programs that are stopped and restarted under load.
func execPrograms(t *testing.T, test func(t *testing.T, s *driver.Server)) {
	t.Run("adopter", func(t *testing.T) { test(t, startExec(t, "")) })
	t.Run("abrupt", func(t *testing.T) { test(t, startExec(t, "-abrupt")) })
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
		s.NothingLeft()
	})
}

// A worker that still runs a long request when it has to go does not keep its
// successor from taking requests.
func TestExecRestartBesideALongRequest(t *testing.T) {
	dir := t.TempDir()
	s := driver.Start(t, driver.Options{
		App: dir, Workers: 1, Args: []string{"--exec=" + driver.Program(t, "test/adopter"), driver.Still},
	})
	long := s.Go("long", "/held")
	old := s.AwaitRunning("long")
	restarted := make(chan int, 1)
	go func() {
		_, status := s.Run("restart")
		restarted <- status
	}()
	s.Judge(s.Load(driver.Plain(4, 100)).Wait())
	if err := os.WriteFile(filepath.Join(dir, "release"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if a := long.Answer(); a.Status != 200 {
		t.Errorf("the long request got %d", a.Status)
	}
	if status := <-restarted; status != 0 {
		t.Errorf("restart: exit status %d", status)
	}
	s.AwaitGone(old)
	if err := s.Journal().Ran("long", 1, 1); err != nil {
		t.Error(err)
	}
	s.Settled()
}

// Changed code comes in with the next request, and the old never answers after
// the new.
func TestExecReload(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "code.py"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("one")
	s := driver.Start(t, driver.Options{
		App: dir, Args: []string{"--exec=" + driver.Program(t, "test/adopter"), "--hot-reload=module"},
	})
	if got := s.Get("/code"); got != "one" {
		t.Errorf("got %q", got)
	}
	write("two, longer")
	s.Eventually("the new code answers", func() error {
		if got := s.Get("/code"); got != "two, longer" {
			return errors.New(got)
		}
		return nil
	})
	for range 50 {
		if got := s.Get("/code"); got != "two, longer" {
			t.Errorf("got %q after the new code", got)
		}
	}
	s.Settled()
}
