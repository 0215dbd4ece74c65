package capsule

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/manager"
	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
)

func record(t *testing.T) (*Recorder, string) {
	s, dir := open(t)
	return NewRecorder(s, Server{App: "lab", Path: "/srv/lab"}, slog.New(slog.DiscardHandler)), dir
}

func exchange(label, rest string, file bool) *sharedsocket.Exchange {
	x := &sharedsocket.Exchange{Head: len(head), BodyFile: file, Label: label, Worker: 3, Attempt: 2, Submitted: sharedsocket.Now() - 5e9}
	x.Record = append(append(make([]byte, wire.RequestPrefix), head...), rest...)
	return x
}

func crash(label string) manager.Crash {
	return manager.Crash{
		Worker: 3, PID: 4711, Generation: 7, Request: label, How: "signal: segmentation fault", Signal: "SIGSEGV", Status: -1,
		Requests: 17, CPU: 1500 * time.Millisecond, Printed: "panic: at the disco", Output: []byte("panic: at the disco\n"),
	}
}

// only closes the recorder and returns the one capsule in the folder.
func only(t *testing.T, r *Recorder, dir string) *Capsule {
	t.Helper()
	r.Close()
	list, err := List(dir)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d capsules, %v", len(list), err)
	}
	return list[0]
}

func (c *Capsule) wantBody(t *testing.T, want string) {
	t.Helper()
	h, body, err := c.open()
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if b, err := io.ReadAll(body); string(h) != head || string(b) != want || err != nil {
		t.Errorf("kept %q, %.20q, %v", h, b, err)
	}
}

func TestHalvesAreJoined(t *testing.T) {
	for _, first := range []string{"request", "crash"} {
		t.Run(first, func(t *testing.T) {
			r, dir := record(t)
			x := exchange("17", "body", false)
			if first == "crash" {
				r.Crashed(crash("17"))
			}
			r.Crashed(crash("18"))
			r.Died(x, sharedsocket.ErrDied)
			copy(x.Record[wire.RequestPrefix:], "used for another request")
			if first == "request" {
				r.Crashed(crash("17"))
			}
			c := only(t, r, dir)
			c.wantBody(t, "body")
			if c.Age < 5 || c.Age > 60 || time.Since(c.Time) > time.Minute {
				t.Errorf("age %v s, kept at %v", c.Age, c.Time)
			}
			c.Age, c.Time, c.ID, c.dir = 0, time.Time{}, "", ""
			want := Capsule{
				Server:  Server{App: "lab", Path: "/srv/lab"},
				Request: "17", Method: "POST", Target: "/a?b", Attempt: 2, BodyLength: 4, BodyKept: 4,
				Ended: Died, How: "signal: segmentation fault", Signal: "SIGSEGV", ExitStatus: -1, CPU: 1.5,
				Printed: "panic: at the disco", Worker: 3, PID: 4711, Generation: 7, Before: 17,
			}
			if *c != want {
				t.Errorf("got  %+v\nwant %+v", *c, want)
			}
		})
	}
}

func TestHangIsKept(t *testing.T) {
	r, dir := record(t)
	r.Died(exchange("17", "body", false), fmt.Errorf("%w: really", sharedsocket.ErrTimeout))
	c := crash("17")
	c.Hung, c.Stacks = true, []byte("goroutine 1 [running]\n")
	r.Crashed(c)
	got := only(t, r, dir)
	stacks, err := os.ReadFile(filepath.Join(got.Dir(), "stacks.txt"))
	if got.Ended != Hung || string(stacks) != "goroutine 1 [running]\n" || err != nil {
		t.Errorf("got %+v, stacks %q, %v", got, stacks, err)
	}
}

// The entry removes the file of a body as soon as its request is over.
func TestBodyInAFileIsKept(t *testing.T) {
	r, dir := record(t)
	path := filepath.Join(t.TempDir(), "spool-1")
	body := strings.Repeat("body ", 100_000)
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Died(exchange("17", path, true), sharedsocket.ErrDied)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	r.Crashed(crash("17"))
	c := only(t, r, dir)
	c.wantBody(t, body)
	if c.BodyLength != int64(len(body)) || c.Cut() {
		t.Errorf("got %+v", c)
	}
}

// A request whose worker was killed for other reasons leaves nothing behind.
func TestHalvesAreForgotten(t *testing.T) {
	r, dir := record(t)
	path := filepath.Join(t.TempDir(), "spool-1")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 3 * maxWaiting {
		// Not by Died, which drops what comes too fast.
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		r.halves <- half{request: fmt.Sprint(i), came: time.Now(), message: &message{file: file}}
	}
	r.Close()
	if len(r.waiting) != 0 {
		t.Errorf("%d halves wait", len(r.waiting))
	}
	if list, err := List(dir); len(list) != 0 || err != nil {
		t.Errorf("kept %v, %v", list, err)
	}
	fds, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if target, err := os.Readlink(fd); err == nil && target == path {
			t.Error("a body is still open")
		}
	}
}

func TestStoreThatIsGone(t *testing.T) {
	r, dir := record(t)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	r.Died(exchange("17", "body", false), sharedsocket.ErrDied)
	r.Crashed(crash("17"))
	r.Close()
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is back: %v", err)
	}
}
