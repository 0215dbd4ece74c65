package entry

import (
	"io"
	"net"
	"path/filepath"
	"testing"

	"github.com/rip-server/rip-server/internal/accesslog"
	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// hot is an entry and a connection to it on which one request after another is
// answered, by a backend that costs nothing.
type hot struct {
	e    *Entry
	conn net.Conn
	in   []byte
	buf  []byte
}

// newHot makes one for a request; every answer must be as long as the first.
func newHot(t testing.TB, cfg Config, request string) *hot {
	t.Helper()
	cfg.SpoolDir = filepath.Join(t.TempDir(), "spool")
	access := accesslog.New(io.Discard, "test", accesslog.JSON)
	cfg.Access = access
	head, body := []byte("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 4\r\n\r\n"), []byte("pong")
	e, err := newEntry(cfg, func(x *sharedsocket.Exchange) error {
		x.Worker, x.Submitted, x.Took, x.Finished = 1, 1, 2, 3
		x.Sink.Take(sharedsocket.Reply{Head: head, Body: body, Final: true})
		return nil
	}, func(*sharedsocket.Exchange) {})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e.Serve(l)
	h := &hot{e: e, in: []byte(request), buf: make([]byte, 4<<10)}
	if h.conn, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.conn.Close()
		e.Stop(ended())
		access.Close()
	})
	return h
}

// do sends the request and reads the answer.
func (h *hot) do(t testing.TB) {
	if _, err := h.conn.Write(h.in); err != nil {
		t.Fatal(err)
	}
	if _, err := h.conn.Read(h.buf); err != nil {
		t.Fatal(err)
	}
}

var hotRequests = []struct{ name, request string }{
	{"GET", "GET /ping?n=1 HTTP/1.1\r\nHost: localhost:5002\r\nUser-Agent: wrk\r\nAccept: */*\r\nCookie: a=b\r\n\r\n"},
	{"POST", "POST /form HTTP/1.1\r\nHost: localhost:5002\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello=world"},
	{"chunked POST", "POST /form HTTP/1.1\r\nHost: localhost:5002\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello=world\r\n0\r\n\r\n"},
	{"built-in", "GET /server HTTP/1.1\r\nHost: localhost:5002\r\n\r\n"},
}

// A request on a kept connection, with the access log on, allocates nothing.
func TestNothingIsAllocated(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes pools forget")
	}
	for _, r := range hotRequests {
		t.Run(r.name, func(t *testing.T) {
			h := newHot(t, Config{ServerPath: "/server"}, r.request)
			h.do(t)
			if n := testing.AllocsPerRun(2000, func() { h.do(t) }); n > 0 {
				t.Errorf("%v allocations per request", n)
			}
		})
	}
}

func BenchmarkEntry(b *testing.B) {
	for _, r := range hotRequests {
		b.Run(r.name, func(b *testing.B) {
			h := newHot(b, Config{ServerPath: "/server"}, r.request)
			b.ReportAllocs()
			for b.Loop() {
				h.do(b)
			}
		})
	}
}
