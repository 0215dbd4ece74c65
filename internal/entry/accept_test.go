package entry

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Beyond the limit an idle connection makes room for a new one; when all are
// busy the new one is told.
func TestMaxConns(t *testing.T) {
	s := start(t, Config{MaxConns: 3}, func(c *call) {
		if c.x.Record[len("GET /")+24] == 'w' {
			untilWithdrawn(c)
			return
		}
		pong(c)
	})
	var idle []*client
	for range 3 {
		c := s.dial().get("/")
		c.want(200, "pong")
		idle = append(idle, c)
	}
	s.dial().get("/").want(503, "Too many connections") // the others have only just come
	eventually(t, "the connections have been idle for a moment", func() error {
		if s.shortestIdle() < settled {
			return errors.New("not yet")
		}
		return nil
	})
	s.dial().get("/wait")
	eventually(t, "one idle connection is closed", func() error {
		if n := s.Counts(); n.Waiting != 1 || n.Connections != 3 {
			return errors.New("not yet")
		}
		return nil
	})
	s.dial().get("/wait")
	s.dial().get("/wait")
	for _, c := range idle {
		c.closed()
	}
	eventually(t, "three requests wait", func() error {
		if n := s.Counts(); n.Waiting != 3 || n.Connections != 3 {
			return errors.New("not yet")
		}
		return nil
	})
	for range 3 {
		c := s.dial().get("/")
		a := c.want(503, "Too many connections\n")
		if a.Header.Get("Retry-After") == "" || a.Header.Get("Proxy-Status") == "" || !a.Close {
			t.Errorf("fields: %v", a.Header)
		}
		c.closed()
	}
}

func TestMaxConnsPerAddress(t *testing.T) {
	s := start(t, Config{MaxConnsPerIP: 2}, pong)
	a := s.dial().get("/")
	a.want(200, "pong")
	b := s.dial().get("/")
	b.want(200, "pong")
	s.dial().get("/").want(503, "Too many connections")
	a.Close()
	eventually(t, "a place is free again", func() error {
		if s.Counts().Connections != 1 {
			return errors.New("not yet")
		}
		return nil
	})
	s.dial().get("/").want(200, "pong")
	b.open()
}

func TestTrustedProxiesAreNotLimited(t *testing.T) {
	s := start(t, Config{MaxConnsPerIP: 1, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, pong)
	for range 3 {
		s.dial().get("/").want(200, "pong")
	}
}

func TestSite(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::", "2001:db8:1:2::": "2001:db8:1:2::",
	} {
		if got := siteOf(netip.MustParseAddr(address)); got.String() != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// shortestIdle returns for how many ticks all connections have been idle.
func (s *server) shortestIdle() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	age := s.clock.now()
	for _, c := range s.conns {
		if word := c.word.Load(); phaseOf(word) == phaseIdle {
			age = min(age, s.clock.now()-word>>8)
		}
	}
	return age
}

// socket makes a client that is yet to connect.
func socket(t *testing.T) *os.File {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 20}); err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), "client")
	t.Cleanup(func() { f.Close() })
	return f
}

func connect(t *testing.T, f *os.File, addr string) {
	t.Helper()
	at := netip.MustParseAddrPort(addr)
	if err := unix.Connect(int(f.Fd()), &unix.SockaddrInet4{Addr: at.Addr().As4(), Port: int(at.Port())}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("GET / HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
}

// withoutDescriptors runs f while the process can open nothing, until it closes
// something.
func withoutDescriptors(t *testing.T, f func()) {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	highest := 0
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		highest = max(highest, fd)
	}
	none := 0
	for none <= highest { // what is free below counts too
		filler, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		defer filler.Close()
		none = int(filler.Fd())
	}
	var lim unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &lim); err != nil {
		t.Fatal(err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: uint64(none) + 1, Max: lim.Max}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &lim); err != nil {
			t.Fatal(err)
		}
	}()
	f()
}

// counting counts how often somebody tries to accept.
type counting struct {
	*net.TCPListener
	tries atomic.Int64
}

func (l *counting) Accept() (net.Conn, error) {
	l.tries.Add(1)
	return l.TCPListener.Accept()
}

// With no descriptors left, idle connections make room at once; without idle
// ones the newcomer is told, and accepting neither ends nor spins.
func TestNoDescriptors(t *testing.T) {
	s := start(t, Config{}, untilWithdrawn)
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &counting{TCPListener: inner.(*net.TCPListener)}
	s.addr = inner.Addr().String()
	s.Serve(l)

	idle := s.dial()
	eventually(t, "a connection has been idle for a moment", func() error {
		if s.Counts().Idle == 0 || s.shortestIdle() < settled {
			return errors.New("not yet")
		}
		return nil
	})
	first, second, third := socket(t), socket(t), socket(t)
	waiting := func(n int) {
		t.Helper()
		eventually(t, "requests wait for their replies", func() error {
			if got := s.Counts().Waiting; got != n {
				return fmt.Errorf("%d wait, want %d", got, n)
			}
			return nil
		})
	}
	withoutDescriptors(t, func() {
		connect(t, first, s.addr)
		idle.closed() // and its descriptor goes to the first
		waiting(1)

		before, begin := l.tries.Load(), time.Now()
		connect(t, second, s.addr)
		b := make([]byte, 1000)
		n, err := second.Read(b)
		if want := "HTTP/1.1 503 "; err != nil || !strings.HasPrefix(string(b[:n]), want) {
			t.Errorf("got %q, %v, want %s", b[:n], err, want)
		}
		connect(t, third, s.addr)
		if n, err := third.Read(b); err != nil || n == 0 {
			t.Errorf("the third got %q, %v", b[:n], err)
		}
		time.Sleep(3 * acceptPause)
		if tries, most := l.tries.Load()-before, 2+2*int64(time.Since(begin)/acceptPause+1); tries > most {
			t.Errorf("accepting was tried %d times, want at most %d", tries, most)
		}
	})
	fourth := s.dial().get("/")
	waiting(2)
	fourth.Close()
	first.Close()
}

// A descriptor that is free for a moment is had, however late it comes.
func TestReserveIsRegained(t *testing.T) {
	held, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	withoutDescriptors(t, func() {
		var r reserve
		if r.regain(time.Millisecond) {
			t.Error("there was none to be had")
		}
		time.AfterFunc(5*time.Millisecond, func() { held.Close() })
		if !r.regain(10 * time.Second) {
			t.Error("one became free")
		}
		r.close()
	})
}
