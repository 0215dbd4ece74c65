package exec

import (
	"fmt"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// startGunicorn starts a server whose program is gunicorn with its sync worker
// and the lab of Python.
func startGunicorn(t *testing.T, args ...string) *driver.Server {
	t.Helper()
	driver.Require(t, "gunicorn")
	return driver.Start(t, driver.Options{
		App:     "examples/lab-python",
		Workers: 2,
		Args:    append([]string{"--exec=gunicorn --worker-class sync app:app", driver.Still}, args...),
	})
}

// Gunicorn serves every kind of load, one request at a time.
func TestExecGunicorn(t *testing.T) {
	s := startGunicorn(t, "--request-timeout=3s")
	load := s.Load(calm)
	s.Eventually("there is load", func() error { return load.AtLeast(100) })

	// What hangs is two processes away from the server, and so is what dies.
	p := s.Go("hangs", "/hang")
	hung := s.AwaitRunning("hangs")
	if a := p.Answer(); a.Status != 504 {
		t.Errorf("/hang got %d", a.Status)
	}
	s.AwaitGone(hung)
	for i := range 2 { // with 3, which would tell gunicorn that the app cannot start, all of it ends
		id := fmt.Sprintf("dies-%d", i)
		if a := s.Go(id, "/exit?code=7").Answer(); a.Status != 502 {
			t.Errorf("/exit got %d", a.Status)
		}
		if err := s.Journal().Ran(id, 1, 0); err != nil {
			t.Error(err)
		}
	}
	s.Judge(load.Stop())
	// It unwinds when it is told to quit, so it may say that it is done.
	if n := s.Journal().Starts["hangs"]; n != 1 {
		t.Errorf("/hang ran %d times", n)
	}
	if got := isolation(t, s); got != "unknown" {
		t.Errorf("isolation %q", got)
	}
	s.Settled()
}
