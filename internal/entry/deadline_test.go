package entry

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// pair returns a connection as the entry has it, served by nobody, and the
// client's end.
func (s *server) pair() (*conn, net.Conn) {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	nc, err := l.Accept()
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { client.Close(); nc.Close() })
	c, err := newConn(s.Entry, nc)
	if err != nil {
		s.t.Fatal(err)
	}
	return c, client
}

// late tells whether the deadline of c has passed.
func late(c *conn, client net.Conn) bool {
	if _, err := client.Write([]byte("x")); err != nil {
		return true
	}
	_, err := c.nc.Read(make([]byte, 1))
	return errors.Is(err, os.ErrDeadlineExceeded)
}

func TestExpiry(t *testing.T) {
	s := start(t, Config{}, pong)
	c, client := s.pair()

	old := c.word.Load()
	c.enter(phaseHead)
	if c.expire(old) || late(c, client) {
		t.Error("what a connection does no longer was expired")
	}
	if !c.expire(c.word.Load()) || !late(c, client) {
		t.Error("a connection did not expire")
	}
	if c.expire(c.word.Load()) {
		t.Error("a connection expired twice")
	}
	c.enter(phaseWait)
	if late(c, client) {
		t.Error("going on did not take the expiry back")
	}

	// Taking one expiry back must not undo another one that came in between.
	c.expire(c.word.Load())
	c.word.Store(uint64(phaseIdle)) // the first half of enter
	c.expire(c.word.Load())
	c.revive() // the second
	if !late(c, client) {
		t.Error("an expiry got lost")
	}

	c.cut()
	c.enter(phaseWrite)
	if !late(c, client) {
		t.Error("a connection that was cut went on")
	}
}

func TestHeadTimeout(t *testing.T) {
	s := start(t, Config{HeadTimeout: 300 * time.Millisecond}, pong)
	c := s.dial().send("GET /late HTTP/1.1\r\nHost: te")
	if a := c.want(408, "The head of the request did not arrive in time."); !a.Close {
		t.Error("the connection is kept")
	}
	c.closed()
	s.wantLogged(`"method":"GET"`, `"path":"/late"`, `"status":408`)
}

func TestBodyTimeout(t *testing.T) {
	s := start(t, Config{BodyTimeout: 300 * time.Millisecond}, pong)
	c := s.dial().send("POST /late HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n")
	for range 8 { // each byte restarts it
		time.Sleep(50 * time.Millisecond)
		c.send("x")
	}
	c.want(408, "The body of the request did not arrive in time.")
	c.closed()
	s.wantLogged(`"status":408`, `"bytesIn":8`)
}

func TestIdleTimeout(t *testing.T) {
	s := start(t, Config{IdleTimeout: 300 * time.Millisecond}, pong)
	s.dial().closed()
	c := s.dial().get("/")
	c.want(200, "pong")
	c.closed()
}

// big is more than the kernel takes for a client that reads nothing.
var big = strings.Repeat("0123456789abcdef", 1<<20)

// A client that takes nothing is cut, and its worker is told.
func TestWriteTimeout(t *testing.T) {
	t.Run("one large reply", func(t *testing.T) {
		s := start(t, Config{WriteTimeout: 300 * time.Millisecond}, func(c *call) { c.reply(ok, big) })
		s.dial().get("/")
		s.wantLogged(`"status":200`, "the client took nothing for too long in the middle of the response")
	})
	t.Run("parts that go on", func(t *testing.T) {
		s := start(t, Config{WriteTimeout: 300 * time.Millisecond}, func(c *call) {
			c.part(ok, "")
			for {
				select {
				case <-c.withdrawn:
					c.end(sharedsocket.ErrWithdrawn)
					return
				case <-time.After(time.Millisecond):
					c.part("", big[:64<<10])
				}
			}
		})
		s.dial().get("/")
		s.wantLogged(`"status":200`, "the client took nothing for too long in the middle of the response")
	})
	t.Run("parts that fit into the kernel", func(t *testing.T) {
		s := start(t, Config{WriteTimeout: 300 * time.Millisecond}, func(c *call) {
			c.part(ok, "")
			for {
				select {
				case <-c.withdrawn:
					c.end(sharedsocket.ErrWithdrawn)
					return
				case <-time.After(10 * time.Millisecond):
					c.part("", big[:2<<10])
				}
			}
		})
		c := s.dial()
		if err := c.SetReadBuffer(4 << 10); err != nil {
			t.Fatal(err)
		}
		c.get("/")
		s.wantLogged(`"status":200`, "the client took nothing for too long in the middle of the response")
	})
}

// A client that is slow but takes something is served for as long as it needs.
func TestSlowReadersAreServed(t *testing.T) {
	s := start(t, Config{WriteTimeout: 300 * time.Millisecond}, func(c *call) { c.reply(ok, big[:2<<20]) })
	c := s.dial()
	if err := c.SetReadBuffer(8 << 10); err != nil {
		t.Fatal(err)
	}
	c.get("/")
	for begin := time.Now(); time.Since(begin) < 1500*time.Millisecond; time.Sleep(20 * time.Millisecond) {
		if _, err := io.ReadFull(c, make([]byte, 4<<10)); err != nil {
			t.Fatalf("after %v: %v", time.Since(begin), err)
		}
	}
}
