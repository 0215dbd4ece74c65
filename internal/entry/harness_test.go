package entry

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/accesslog"
)

// patienceOfTests is how long a test waits for what should come at once.
const patienceOfTests = 30 * time.Second

// server is an entry in front of a backend that the test plays.
type server struct {
	*Entry
	t    *testing.T
	addr string
	back *backend
	log  chan string // lines of the access log
}

// start starts an entry. handle is called for each request that reaches the
// app, on a goroutine of its own, prepare before there is one. When the test is over, nothing may be left:
// no goroutine, no file, no memory that is still counted.
func start(t *testing.T, cfg Config, handle func(*call), prepare ...func(*server)) *server {
	t.Helper()
	goroutines := runtime.NumGoroutine()
	s := &server{t: t, back: newBackend(t, handle), log: make(chan string, 10_000)}
	if cfg.SpoolDir == "" {
		cfg.SpoolDir = filepath.Join(t.TempDir(), "spool")
	}
	access := accesslog.New(lineWriter(s.log), "test", accesslog.JSON)
	cfg.Access = access
	var err error
	if s.Entry, err = newEntry(cfg, s.back.submit, s.back.withdraw); err != nil {
		t.Fatal(err)
	}
	s.lastAccepts = 5 * time.Millisecond
	for _, f := range prepare {
		f(s)
	}
	s.addr = s.listen()
	t.Cleanup(func() {
		s.Stop(ended())
		s.back.wait()
		if err := access.Close(); err != nil {
			t.Error(err)
		}
		left, err := os.ReadDir(cfg.SpoolDir)
		if n := s.Counts(); err != nil || len(left) > 0 || n.Spools != 0 || n.Spooled != 0 || n.Streaming != 0 {
			t.Errorf("left behind: %v, %v, %+v", err, left, n)
		}
		if n := s.memory.Load(); n != 0 {
			t.Errorf("%d bytes of memory are still counted", n)
		}
		eventually(t, "no goroutine is left", func() error {
			if runtime.NumGoroutine() > goroutines {
				stacks := make([]byte, 1<<20)
				return errors.New(string(stacks[:runtime.Stack(stacks, true)]))
			}
			return nil
		})
	})
	return s
}

// listen opens another port.
func (s *server) listen() string {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.Serve(l)
	return l.Addr().String()
}

// logged returns the next line of the access log.
func (s *server) logged() string {
	s.t.Helper()
	select {
	case line := <-s.log:
		return line
	case <-time.After(patienceOfTests):
		s.t.Fatal("nothing more in the access log")
		return ""
	}
}

// wantLogged fails unless the next line of the access log holds all of parts.
func (s *server) wantLogged(parts ...string) {
	s.t.Helper()
	line := s.logged()
	for _, part := range parts {
		if !strings.Contains(line, part) {
			s.t.Errorf("logged %s, want %s in it", line, part)
		}
	}
}

type lineWriter chan<- string

func (w lineWriter) Write(b []byte) (int, error) {
	for line := range strings.Lines(string(b)) {
		w <- strings.TrimSuffix(line, "\n")
	}
	return len(b), nil
}

// eventually waits until check returns nil.
func eventually(t *testing.T, what string, check func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(patienceOfTests); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	t.Fatalf("not so in time: %s: %v", what, err)
}
