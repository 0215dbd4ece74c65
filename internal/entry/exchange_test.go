package entry

import (
	"errors"
	"testing"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// An exchange that its client has left must not be used again before Withdraw
// has returned: it would withdraw the request of somebody else.
func TestNoReuseDuringWithdraw(t *testing.T) {
	for name, final := range map[string]func(x *exchange){
		"from within": func(x *exchange) { x.Take(sharedsocket.Reply{Final: true, Err: sharedsocket.ErrWithdrawn}) },
		"by another goroutine": func(x *exchange) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				x.Take(sharedsocket.Reply{Head: []byte(ok), Body: []byte("late")})
				x.Take(sharedsocket.Reply{Final: true})
			}()
			<-done
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, Config{}, pong)
			c, _ := s.pair()
			x := exchanges.Get().(*exchange)
			s.withdraw = func(*sharedsocket.Exchange) {
				final(x)
				if !x.detached || x.wake == nil {
					t.Error("the exchange was given back before Withdraw returned")
				}
			}
			x.ready(c)
			x.detach()
			if x.detached || x.wake != nil {
				t.Error("the exchange was not given back")
			}
		})
	}
}

// What comes for a client that is gone is thrown away, and no worker waits.
func TestRepliesToNobody(t *testing.T) {
	s := start(t, Config{}, func(c *call) {
		c.part(ok, big[:64<<10])
		<-c.withdrawn
		for range 10 {
			if c.offer("", big[:64<<10]) != nil {
				c.b.t.Error("the worker is told to wait for a client that is gone")
			}
		}
		c.end(nil)
	})
	c := s.dial().get("/")
	if _, err := c.r.Peek(1000); err != nil {
		t.Fatal(err)
	}
	c.Close()
	s.wantLogged(`"status":200`, "the client went away in the middle of the response")
}

// A client that hangs up while its worker waits for room sets the worker free.
func TestHangingUpOnAWaitingWorker(t *testing.T) {
	s := start(t, Config{MaxSpool: 1}, func(c *call) {
		c.part(ok, "")
		for {
			select {
			case <-c.withdrawn:
				c.end(sharedsocket.ErrWithdrawn)
				return
			default:
				c.part("", big[:100<<10])
			}
		}
	})
	c := s.dial().get("/")
	eventually(t, "a file is full", func() error {
		if s.Counts().Spools == 0 {
			return errors.New("not yet")
		}
		return nil
	})
	c.SetLinger(0)
	c.Close()
	s.wantLogged(`"status":200`, "the client went away in the middle of the response")
}

// The next request of a connection has nothing to do with a reply that came
// to the one before: one that was given up, and one that ended late.
func TestStaleReplies(t *testing.T) {
	late := make(chan *call, 1)
	s := start(t, Config{}, func(c *call) {
		if c.field("X-Bad") != nil {
			c.offer("HTTP/1.1 200 OK\r\nBad\r\n\r\n", "nonsense") // refused at once
			late <- c
			return
		}
		pong(c)
	})
	c := s.dial()
	for range 50 {
		c.send("GET / HTTP/1.1\r\nHost: test\r\nX-Bad: 1\r\n\r\n").want(502, "The worker's reply is malformed.")
		old := <-late
		c.get("/")
		old.offer("", "stale")
		old.end(nil)
		c.want(200, "pong")
	}
}

// A client that leaves before the answer is not answered, and its request is
// withdrawn.
func TestClientsThatLeave(t *testing.T) {
	s := start(t, Config{}, untilWithdrawn)
	for _, leave := range []func(*client) error{
		func(c *client) error { return c.Close() },
		func(c *client) error { return c.CloseWrite() },
		func(c *client) error { return errors.Join(c.SetLinger(0), c.Close()) },
	} {
		c := s.dial().get("/")
		if err := leave(c); err != nil {
			t.Fatal(err)
		}
		s.wantLogged(`"status":499`, "the client went away")
	}
}
