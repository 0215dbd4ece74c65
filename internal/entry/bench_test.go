package entry

import (
	"net"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/accesslog"
	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// instant answers within Submit, so that what is measured is the entry alone.
func instant(head, body string) func(*sharedsocket.Exchange) error {
	r := sharedsocket.Reply{Head: []byte(head), Body: []byte(body), Final: true}
	return func(x *sharedsocket.Exchange) error {
		x.Sink.Take(r)
		return nil
	}
}

// discard takes an access log.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// typical is what a browser or a proxy sends, more or less.
const typical = " HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101\r\n" +
	"Accept: text/html,application/xhtml+xml\r\nAccept-Language: en\r\nAccept-Encoding: gzip, br\r\n" +
	"Cookie: session=0123456789abcdef0123456789abcdef\r\nConnection: keep-alive\r\n"

var hotPaths = []struct {
	name, request string
	reply         string
}{
	{"server", "GET /server" + typical + "\r\n", ""},
	{"get", "GET /ping?a=b" + typical + "\r\n", "pong"},
	{"post", "POST /echo" + typical + "Content-Length: 1000\r\n\r\n" + strings.Repeat("x", 1000), "pong"},
	{"chunked", "POST /echo" + typical + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + strings.Repeat("x", 1000) + "\r\n0\r\n\r\n", "pong"},
	{"64 KB", "GET /large" + typical + "\r\n", strings.Repeat("y", 64<<10)},
}

// hotPath starts an entry and returns a function that does one request with
// bare system calls.
func hotPath(t testing.TB, request, reply string) (once func()) {
	access := accesslog.New(discard{}, "test", accesslog.Human)
	e, err := newEntry(Config{SpoolDir: t.TempDir(), Access: access, ServerPath: "/server"},
		instant("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nVary: Accept\r\n\r\n", reply), func(*sharedsocket.Exchange) {})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e.Serve(l)
	nc, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := nc.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		nc.Close()
		_ = e.Stop(ended())
		access.Close()
	})
	sent, in := []byte(request), make([]byte, 128<<10)
	want, got := 0, 0
	receive := func(fd uintptr) bool {
		for want == 0 || got < want {
			n, err := unix.Read(int(fd), in[got:])
			if err == unix.EAGAIN {
				return false
			}
			if err != nil || n == 0 {
				panic("the connection broke")
			}
			got += n
			if want == 0 { // the first answer is whole after its head and as much as was replied
				if end := strings.Index(string(in[:got]), "\r\n\r\n"); end >= 0 {
					want = end + len("\r\n\r\n") + max(len(reply), len("ok"))
				}
			}
		}
		return true
	}
	send := func(fd uintptr) bool {
		n, err := unix.Write(int(fd), sent)
		return n == len(sent) && err == nil
	}
	return func() {
		if err := raw.Write(send); err != nil {
			panic(err)
		}
		got = 0
		if err := raw.Read(receive); err != nil {
			panic(err)
		}
	}
}

// What a connection does again and again allocates nothing.
func TestHotPathAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for _, p := range hotPaths {
		t.Run(p.name, func(t *testing.T) {
			once := hotPath(t, p.request, p.reply)
			for range 100 {
				once()
			}
			// A collection in between empties the pools.
			if n := testing.AllocsPerRun(2000, once); n > 0.1 {
				t.Errorf("%v allocations per request", n)
			}
		})
	}
}

// BenchmarkRequest is one request after another on one connection, client
// included, which takes as many system calls as the entry.
func BenchmarkRequest(b *testing.B) {
	for _, p := range hotPaths {
		b.Run(p.name, func(b *testing.B) {
			once := hotPath(b, p.request, p.reply)
			once()
			b.ReportAllocs()
			for b.Loop() {
				once()
			}
		})
	}
}

// An idle connection is small. Most of it is the stack of its goroutine and
// what the net package keeps.
func TestIdleConnectionsAreSmall(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes memory too")
	}
	const n = 200
	s := start(t, Config{}, pong)
	used := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // pools need two
		runtime.ReadMemStats(&m)
		return m.HeapInuse + m.StackInuse
	}
	var clients []net.Conn
	before := used()
	for range n {
		nc, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		if _, err := nc.Write([]byte("GET / HTTP/1.1\r\nHost: test\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		if _, err := nc.Read(make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		clients = append(clients, nc)
	}
	each := (used() - before) / n
	t.Logf("%d bytes", each) // the client's end included
	if each > 10<<10 {
		t.Errorf("an idle connection takes %d bytes", each)
	}
	runtime.KeepAlive(clients)
}
