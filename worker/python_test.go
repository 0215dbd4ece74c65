//go:build linux

package worker

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// The Python worker proves that the protocol is not made for Go.
func TestPythonWorker(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed")
	}
	onBoth(t, func(t *testing.T, s *server) { pythonWorker(t, python, s) })
}

func pythonWorker(t *testing.T, python string, s *server) {
	hire := func(env ...string) *hand {
		return s.hireCommand(exec.Command(python, "../examples/worker-python/worker.py"), env...)
	}
	h := hire()
	for i := range 3 {
		a := h.get("/ping")
		a.want(t, 200, "pong")
		if a.length != 4 || a.stats[0] == 0 || a.stats[1] < a.stats[0] {
			t.Errorf("length %d, stats %v", a.length, a.stats)
		}
		eventually(t, "the request is counted", func() bool { return h.done() == uint64(i+1) && h.claimed() == 0 })
	}
	s.submit("POST", "/other?x=1", "a body").answer(h).want(t, 200, "POST /other?x=1\na body")
	large := strings.Repeat("0123456789abcdef", 1<<16)
	path := filepath.Join(t.TempDir(), "body")
	check(t, os.WriteFile(path, []byte(large), 0o600))
	s.submit("PUT", "/", bodyFile(path)).answer(h).want(t, 200, "PUT /\n"+large)
	if a := s.submit("HEAD", "/ping").answer(h); a.length != 4 || len(a.body) != 0 {
		t.Errorf("HEAD got length %d, body %q", a.length, a.body)
	}
	s.submit("GET", "/ping", unwanted(1)).returned(h)
	h.get("/ping").want(t, 200, "pong")

	check(t, h.cmd.Process.Signal(unix.SIGTERM))
	h.exit()

	h = hire(wire.EnvMaxRequests + "=2")
	h.spend(2)
	c := s.submit("GET", "/ping") // it does not take this one
	h.replies.Close()
	if code := h.exit(); code != 0 || h.done() != 2 {
		t.Errorf("spent, then the server is gone: exit status %d after %d requests", code, h.done())
	}
	h = hire()
	c.answer(h).want(t, 200, "pong")
	h.leave()
	s.submit("GET", "/ping")
	if code := h.exit(); code != 0 || h.done() != 1 {
		t.Errorf("told to leave: exit status %d after %d requests", code, h.done())
	}
	s = newServer(t, s.stream)
	h = hire()
	h.replies.Close()
	s.close()
	if code := h.exit(); code != 0 {
		t.Errorf("the server is gone: exit status %d", code)
	}
}
