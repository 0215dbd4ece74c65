//go:build linux

package worker

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

func TestBodies(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		for _, n := range []int{0, 1, 511, 4096, outLimit - gap, outLimit, outLimit + 1, wire.MaxRecord, 1 << 20} {
			for _, piece := range []int{7, 4096, 1 << 20} {
				if n > wire.MaxRecord && piece == 7 {
					continue
				}
				a := h.get("/bytes?n=" + strconv.Itoa(n) + "&piece=" + strconv.Itoa(piece))
				a.want(t, 200, strings.Repeat("x", n))
				if known := n <= outLimit-gap-margin-200; known != (a.length >= 0) || known && a.length != int64(n) {
					t.Errorf("%d bytes: Content-Length %d", n, a.length)
				}
				if a.stats == nil {
					t.Errorf("%d bytes: no stats", n)
				}
			}
		}
	})
}

func TestDeclaredLength(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		for _, test := range []struct {
			query  string
			length int64
			size   int
			broken bool
		}{
			{"n=10&length=10", 10, 10, false},
			{"n=10&length=11", 11, 10, true},
			{"n=0&length=11", 11, 0, true},
			{"n=10&length=9", 9, 9, false}, // the tenth byte is refused
			{"n=10&length=9&piece=10", 9, 0, true},
			{"n=1000000&length=1000000&piece=1000", 1000000, 1000000, false},
			{"n=1000000&length=1000001&piece=1000", 1000001, 1000000, true},
			{"n=10&length=-3", 10, 10, false},
			{"n=10&length=many", 10, 10, false},
		} {
			a := h.get("/bytes?" + test.query)
			if a.status != 200 || a.length != test.length || len(a.body) != test.size || a.broken != test.broken {
				t.Errorf("%s: status %d, length %d, %d bytes, broken %v", test.query, a.status, a.length, len(a.body), a.broken)
			}
		}
		h.get("/ping").want(t, 200, "pong")
		eventually(t, "the handler learns that it wrote too much", func() bool { return h.said(http.ErrContentLength.Error()) })
	})
}

func TestBodiless(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		for _, test := range []struct {
			method, target string
			status         int
			length         int64
			typ            string
		}{
			{"HEAD", "/ping", 200, 4, "text/plain; charset=utf-8"},
			{"HEAD", "/bytes?n=1000000&piece=1000", 200, 1000000, "text/plain; charset=utf-8"},
			{"HEAD", "/bytes?n=5&length=7", 200, 7, "text/plain; charset=utf-8"},
			{"HEAD", "/bytes?n=0", 200, -1, ""},
			{"HEAD", "/copy", 200, -1, ""},
			{"GET", "/status?code=204&body=x", 204, -1, "text/x-test"},
			{"GET", "/status?code=304&body=x", 304, -1, ""},
			{"GET", "/status?code=205", 205, 0, "text/x-test"},
			{"HEAD", "/status?code=404&body=abc", 404, 3, "text/x-test"},
		} {
			a := s.submit(test.method, test.target).answer(h)
			if a.status != test.status || a.length != test.length || a.header.Get("Content-Type") != test.typ || len(a.body) != 0 || a.broken {
				t.Errorf("%s %s: status %d, length %d, type %q, body %q, broken %v",
					test.method, test.target, a.status, a.length, a.header.Get("Content-Type"), a.body, a.broken)
			}
		}
		h.get("/ping").want(t, 200, "pong")
		eventually(t, "the handler learns that there is no body", func() bool { return h.said(http.ErrBodyNotAllowed.Error()) })
	})
}

func TestFields(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		a := h.get("/fields")
		a.want(t, 200, "<html>")
		want := http.Header{
			"X-Lines":        {"a  Evil: yes", "b c", "d e"},
			"Set-Cookie":     {"a=1", "b=2"},
			"X-Empty":        {""},
			"X-Latin":        {"caf\xe9"},
			"Content-Type":   {"text/html; charset=utf-8"},
			"Content-Length": {"6"},
		}
		a.header.Del("Connection")
		for name := range want {
			if !slices.Equal(a.header[name], want[name]) {
				t.Errorf("%s is %q, want %q", name, a.header[name], want[name])
			}
		}
		if len(a.header) != len(want) {
			t.Errorf("got %q, want %q", a.header, want)
		}
		h.get("/huge-head").want(t, 500, "Internal Server Error\n")
		h.get("/status?code=299&body=x").want(t, 299, "x")
		h.get("/status?code=99").want(t, 500, "Internal Server Error\n")
		eventually(t, "the handler panics", func() bool { return h.said("invalid WriteHeader code 99") })
	})
}

func TestInterimResponses(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		a := h.get("/early")
		a.want(t, 200, "later")
		if len(a.interim) != 2 || a.interim[1].Get("Link") == "" || a.header.Get("Link") == "" || len(a.interim[0]) != 1 {
			t.Errorf("got interim responses %v, then %v", a.interim, a.header)
		}
	})
}

func TestFlush(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		file := filepath.Join(t.TempDir(), "go")
		c := s.submit("GET", "/gate?file="+file)
		c.firstPart(h, "first")
		check(t, os.WriteFile(file, nil, 0o600))
		if s.stream {
			c.firstPart(h, "second")
		} else if r := h.next(); string(r.Body) != "second" || r.Flags != wire.FlagFinal || r.Head != nil {
			t.Errorf("the last part is %q with flags %d and head %q", r.Body, r.Flags, r.Head)
		}
	})
}

func TestPanic(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		h.get("/panic").want(t, 500, "Internal Server Error\n")
		eventually(t, "the stack is printed", func() bool {
			return h.said("panic serving GET /panic: the handler of the test") && h.said("handler_test.go")
		})
		for _, query := range []string{"flush=1", "flush=1&with=abort", "flush=1&with=goexit"} {
			if a := h.get("/panic?" + query); a.status != 200 || !a.broken || string(a.body) != "before" {
				t.Errorf("%s: status %d, body %q, broken %v", query, a.status, a.body, a.broken)
			}
			h.get("/ping").want(t, 200, "pong")
		}
		for _, query := range []string{"with=abort", "with=goexit"} {
			if a := h.get("/panic?" + query); !a.broken || len(a.body) != 0 {
				t.Errorf("%s: status %d, body %q, broken %v", query, a.status, a.body, a.broken)
			}
			h.get("/ping").want(t, 200, "pong")
		}
		eventually(t, "all requests are counted", func() bool { return h.done() == 1+2*3+2*2 && h.claimed() == 0 })
	})
}

func TestBothDirections(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		body := strings.Repeat("0123456789abcdef", 1<<17)
		path := filepath.Join(t.TempDir(), "body")
		check(t, os.WriteFile(path, []byte(body), 0o600))
		s.submit("POST", "/copy", bodyFile(path)).answer(h).want(t, 200, body)
		// A body that nobody reads is in nobody's way.
		s.submit("POST", "/bytes?n=3000000&piece=4096", bodyFile(path)).answer(h).want(t, 200, strings.Repeat("x", 3000000))
		s.submit("POST", "/ping", bodyFile(path)).answer(h).want(t, 200, "pong")
		if !s.stream {
			var got seen
			a := s.submit("POST", "/echo", bodyFile(path), missing{}).answer(h)
			if check(t, json.Unmarshal(a.body, &got)); got.Error == "" {
				t.Errorf("a body file that is not there was read as %d bytes", got.Size)
			}
		}
	})
}

func TestContext(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		for _, query := range []string{"", "derived=1", "poll=1"} {
			c := s.submit("GET", "/context?"+query)
			c.firstPart(h, "first")
			c.cancel()
			if !s.stream {
				if r := h.next(); string(r.Body) != "context canceled" {
					t.Errorf("%s: the context ended with %q", query, r.Body)
				}
			} else {
				c.firstPart(h, "context canceled")
			}
		}
	})
}

// A handler that keeps what belongs to its request can do no harm with it.
func TestKept(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire()
		s.submit("POST", "/keep", "a body", fields("X-Kept: kept\r\n")).answer(h).want(t, 200, "")
		s.submit("POST", "/kept", "another").answer(h).want(t, 200,
			errLate.Error()+"; "+http.ErrBodyReadAfterClose.Error()+"; context canceled; kept")
	})
}

// The terminal of a person who debugs has no Rip-Request field.
func TestDirectRequest(t *testing.T) {
	s := newServer(t, true)
	h := s.hire()
	for _, test := range []struct{ request, status string }{
		{"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n"},
		{"POST /ping HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 411 Length Required\r\n"},
		{"nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n"},
		{"GET /ping HTTP/1.1\r\nHost: x\r\nRip-Request: 1 1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n"},
	} {
		fd := must(unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0))
		check(t, unix.Connect(fd, &unix.SockaddrUnix{Name: s.path}))
		_ = must(unix.Write(fd, []byte(test.request)))
		b := make([]byte, 1000)
		if n := must(unix.Read(fd, b)); !strings.HasPrefix(string(b[:n]), test.status) {
			t.Errorf("%q got %q", test.request, b[:n])
		}
		unix.Close(fd)
	}
	h.get("/ping").want(t, 200, "pong")
}

// A handler that ends its goroutine in the last request keeps nobody from
// hearing that the worker is spent.
func TestGoexitOfASpentWorker(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		h := s.hire(wire.EnvMaxRequests + "=1")
		s.submit("GET", "/panic?with=goexit")
		if r := h.next(); r.Flags&wire.FlagSpent == 0 {
			t.Errorf("got %+v, want it to say that it is spent", r)
		}
	})
}
