//go:build linux

package worker

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

func TestPing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		for i := range 3 {
			a := h.get("/ping")
			a.want(t, 200, "pong")
			if a.length != 4 || a.header.Get("Content-Type") != "text/plain; charset=utf-8" || a.parts > 1 {
				t.Errorf("got length %d, header %v, %d parts", a.length, a.header, a.parts)
			}
			if len(a.stats) != 3 || a.stats[0] == 0 || a.stats[1] < a.stats[0] || a.stats[2] == 0 {
				t.Errorf("got stats %v", a.stats)
			}
			var now unix.Timespec
			check(t, unix.ClockGettime(unix.CLOCK_MONOTONIC, &now))
			if a.stats[1] > uint64(now.Nano()) || a.stats[0] < uint64(now.Nano())-uint64(patience) {
				t.Errorf("took %d and finished %d, but now is %d", a.stats[0], a.stats[1], now.Nano())
			}
			eventually(t, "the claim is cleared and counted", func() bool { return h.claimed() == 0 && h.done() == uint64(i+1) })
		}
	})
}

func TestOneRequestAtATime(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		calls := []*call{s.submit("GET", "/alone?tempt=1")}
		eventually(t, "the first request is claimed", func() bool { return h.claimed() == calls[0].id })
		for range 20 {
			calls = append(calls, s.submit("GET", "/alone"))
		}
		if h.claimed() != calls[0].id {
			t.Errorf("%d is claimed while %d runs", h.claimed(), calls[0].id)
		}
		for _, c := range calls {
			c.answer(h).want(t, 200, "1")
		}
	})
}

func TestRequest(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		small := strings.Repeat("small", 100)
		large := strings.Repeat("0123456789abcdef", 1<<16)
		path := filepath.Join(t.TempDir(), "body")
		check(t, os.WriteFile(path, []byte(large), 0o600))
		for _, test := range []struct {
			method, target string
			options        []any
			want           seen
		}{
			{"GET", "/echo", nil, seen{Path: "/echo"}},
			{"GET", "/echo?a=b&c=%20d", nil, seen{Path: "/echo", Query: "a=b&c=%20d"}},
			{"POST", "/echo", []any{small}, seen{Path: "/echo", Size: len(small)}},
			{"PUT", "/echo", []any{bodyFile(path)}, seen{Path: "/echo", Size: len(large)}},
			{"BREW", "/%65cho", nil, seen{Path: "/echo"}},
			{"GET", "/echo", []any{fields("x-a: 1\r\nX-A:  2 \r\nCOOKIE: c=d\r\n")}, seen{Path: "/echo"}},
		} {
			a := s.submit(test.method, test.target, test.options...).answer(h)
			var got seen
			if err := json.Unmarshal(a.body, &got); err != nil {
				t.Fatalf("%s %s: %v in %q", test.method, test.target, err, a.body)
			}
			if got.Method != test.method || got.URI != test.target || got.Path != test.want.Path || got.Query != test.want.Query {
				t.Errorf("%s %s was seen as %s %s, path %s, query %s", test.method, test.target, got.Method, got.URI, got.Path, got.Query)
			}
			if got.Host != "example.org" || got.Remote != "192.0.2.7:0" || got.Header.Get("Host") != "" {
				t.Errorf("got host %q, remote %q, header %v", got.Host, got.Remote, got.Header)
			}
			if got.Size != test.want.Size || got.Length != int64(test.want.Size) || got.Error != "" {
				t.Errorf("got a body of %d, length %d, error %q; want %d", got.Size, got.Length, got.Error, test.want.Size)
			}
			if got.Header.Get(wire.HeaderRequest) != "" {
				t.Errorf("the handler sees %s", wire.HeaderRequest)
			}
			if strings.Contains(strings.Join(keys(got.Header), " "), "X-A") &&
				(len(got.Header["X-A"]) != 2 || got.Header["X-A"][1] != "2" || got.Header.Get("Cookie") != "c=d") {
				t.Errorf("got header %v", got.Header)
			}
		}
		if a := h.get("/%zz"); a.status != 400 {
			t.Errorf("a malformed target got status %d", a.status)
		}
		h.get("/ping").want(t, 200, "pong")
	})
}

func keys(h map[string][]string) (names []string) {
	for name := range h {
		names = append(names, name)
	}
	return names
}

func TestNotWanted(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		for _, word := range []uint64{0, 1, 1<<13 | 99, 1<<13 | 1 | wire.Cancelled} {
			c := s.submit("GET", "/ping", unwanted(word))
			c.returned(h)
			if h.claimed() != 0 || h.done() != 0 {
				t.Errorf("row has claim %d, done %d", h.claimed(), h.done())
			}
		}
		h.get("/ping").want(t, 200, "pong")
	})
}

// returned waits until the worker has returned the request without running it.
func (c *call) returned(h *hand) {
	c.s.t.Helper()
	if c.s.stream {
		if n, err := c.conn.Read(make([]byte, 1)); n > 0 || os.IsTimeout(err) {
			c.s.t.Fatalf("the connection was not closed without an answer: %d, %v", n, err)
		}
		return
	}
	if r := h.next(); r.Type != wire.TypeGivenBack || r.ID != c.id || r.Slot != c.slot {
		c.s.t.Fatalf("got a record of type %d for %d, want %d given back", r.Type, r.ID, c.id)
	}
}

// gate has a worker run a request that does not end before open is called. It
// returns when the handler runs: a worker that only claims looks once more
// whether it may.
func (s *server) gate(h *hand) (c *call, open func()) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "go")
	c = s.submit("GET", "/gate?file="+file)
	eventually(s.t, "the request runs", func() bool {
		_, err := os.Stat(file + ".began")
		return err == nil && h.claimed() == c.id
	})
	return c, func() { check(s.t, os.WriteFile(file, nil, 0o600)) }
}

func TestLeave(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		// Idle: by the next request at the latest, which is not run.
		h := s.hire()
		h.leave()
		s.submit("GET", "/ping")
		if code := h.exit(); code != 0 || h.claimed() != 0 || h.done() != 0 {
			t.Errorf("exit status %d, claim %d, done %d", code, h.claimed(), h.done())
		}
		s = newServer(t, s.stream) // the request may still be in the queue
		// Busy: after the reply.
		h = s.hire()
		c, open := s.gate(h)
		h.leave()
		open()
		c.answer(h).want(t, 200, "firstsecond")
		if code := h.exit(); code != 0 || h.claimed() != 0 || h.done() != 1 {
			t.Errorf("exit status %d, claim %d, done %d", code, h.claimed(), h.done())
		}
	})
}

func TestTerminate(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		h.get("/ping").want(t, 200, "pong")
		eventually(t, "the worker is free", func() bool { return h.done() == 1 })
		check(t, h.cmd.Process.Signal(unix.SIGINT))
		check(t, h.cmd.Process.Signal(unix.SIGTERM))
		if code := h.exit(); code != 0 {
			t.Errorf("idle: exit status %d", code)
		}
		h = s.hire()
		c, open := s.gate(h)
		check(t, h.cmd.Process.Signal(unix.SIGTERM))
		open()
		c.answer(h).want(t, 200, "firstsecond")
		if code := h.exit(); code != 0 {
			t.Errorf("busy: exit status %d", code)
		}
	})
}

// spend has a worker run as many requests as it may.
func (h *hand) spend(requests int) {
	h.s.t.Helper()
	for i := range requests {
		a := h.get("/ping")
		a.want(h.s.t, 200, "pong")
		if a.spent != (i == requests-1 && !h.s.stream) {
			h.s.t.Errorf("spent is %v after request %d", a.spent, i+1)
		}
	}
	if h.s.stream {
		if r := h.next(); r.Type != wire.TypeReply || r.ID != 0 || r.Flags != wire.FlagFinal|wire.FlagSpent {
			h.s.t.Errorf("got a record of type %d, id %d, flags %d; want spent", r.Type, r.ID, r.Flags)
		}
	}
}

func TestSpent(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire(wire.EnvMaxRequests + "=3")
		h.spend(3)
		// It takes nothing more; another worker does.
		c := s.submit("GET", "/ping")
		other := s.hire()
		c.answer(other).want(t, 200, "pong")
		if h.done() != 3 {
			t.Errorf("%d requests were run", h.done())
		}
		check(t, h.cmd.Process.Signal(unix.SIGTERM))
		if code := h.exit(); code != 0 {
			t.Errorf("exit status %d", code)
		}
		// It leaves when the server is gone, too.
		h = s.hire(wire.EnvMaxRequests + "=1")
		check(t, other.cmd.Process.Kill())
		<-other.dead
		h.get("/ping").want(t, 200, "pong")
		h.replies.Close()
		if code := h.exit(); code != 0 {
			t.Errorf("exit status %d", code)
		}
	})
}

func TestServerGone(t *testing.T) {
	t.Run("idle", func(t *testing.T) {
		s := newServer(t, false)
		h := s.hire()
		s.close()
		if code := h.exit(); code != 0 {
			t.Errorf("exit status %d", code)
		}
	})
	// What is still in the queue must not be run.
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		_, open := s.gate(h)
		journal := filepath.Join(t.TempDir(), "never")
		s.submit("GET", "/gate?file="+journal)
		h.replies.Close()
		s.close()
		open()
		if code := h.exit(); code != 0 {
			t.Errorf("exit status %d", code)
		}
		if h.done() != 1 {
			t.Errorf("%d requests were run", h.done())
		}
	})
}

func TestNonblockingSocket(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		check(t, unix.SetNonblock(s.workers, true))
		for range 3 {
			h.get("/ping").want(t, 200, "pong")
		}
	})
}

func TestChildInheritsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.hire().get("/child").want(t, 200, "true <nil>")
	})
}

func TestWrongVariables(t *testing.T) {
	for _, wrong := range []string{
		wire.EnvProtocol + "=2", wire.EnvSocket + "=datagram", wire.EnvWorker + "=", wire.EnvLeave + "=x",
		wire.EnvSlots + "=" + strconv.Itoa(wire.LedgerSize), wire.EnvMaxRequests + "=-1", wire.EnvProtocol + "=1",
	} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), wire.EnvProtocol+"=1", wire.EnvSocket+"=seqpacket", wire.EnvWorker+"=1",
			wire.EnvLeave+"="+strconv.Itoa(wire.LedgerLeave), wire.EnvSlots+"="+strconv.Itoa(wire.LedgerSlots), wrong)
		name, _, _ := strings.Cut(wrong, "=")
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "start as a worker: ") ||
			wrong != wire.EnvProtocol+"=1" && !strings.Contains(string(out), name) && name != wire.EnvSlots {
			t.Errorf("%s: %v, %q", wrong, err, out)
		}
	}
}
