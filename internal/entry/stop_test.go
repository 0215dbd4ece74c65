package entry

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

// stopping begins a stop and returns when it has begun.
func (s *server) stopping() (result <-chan error) {
	s.t.Helper()
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(context.Background(), patienceOfTests)
	go func() {
		defer cancel()
		done <- s.Stop(ctx)
	}()
	eventually(s.t, "the stop has begun", func() error {
		if !s.Entry.stopping.Load() {
			return fmt.Errorf("not yet")
		}
		return nil
	})
	return done
}

// During a stop, what is in flight and what arrives on open connections is
// answered, with Connection: close, and no connection is reset.
func TestStop(t *testing.T) {
	release := make(chan struct{})
	s := start(t, Config{}, func(c *call) {
		if len(c.field("X-Slow")) > 0 {
			<-release
		}
		pong(c)
	})
	idle := s.dial().get("/")
	idle.want(200, "pong")
	silent := s.dial() // has sent nothing yet
	slow := s.dial().send("GET / HTTP/1.1\r\nHost: test\r\nX-Slow: 1\r\n\r\n")
	half := s.dial().send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbo")
	eventually(t, "all have arrived", func() error {
		if n := s.Counts(); n.Connections != 4 || n.Waiting != 1 {
			return fmt.Errorf("%+v", n)
		}
		return nil
	})
	done := s.stopping()
	for _, c := range []*client{idle, silent} {
		if a := c.get("/").want(200, "pong"); !a.Close {
			t.Error("an answer during a stop keeps the connection")
		}
		c.closed()
	}
	close(release)
	if a := slow.want(200, "pong"); !a.Close {
		t.Error("an answer during a stop keeps the connection")
	}
	slow.closed()
	if a := half.send("dy").want(200, "pong"); !a.Close {
		t.Error("an answer during a stop keeps the connection")
	}
	half.closed()
	if err := <-done; err != nil {
		t.Errorf("stop: %v", err)
	}
	if err := s.Stop(context.Background()); err != nil {
		t.Errorf("the second stop: %v", err)
	}
}

// Connections on which nothing arrives are ended in order.
func TestStopEndsIdleConnections(t *testing.T) {
	s := start(t, Config{}, pong)
	a := s.dial()
	b := s.dial().get("/")
	b.want(200, "pong")
	eventually(t, "both are there", func() error {
		if n := s.Counts(); n.Connections != 2 {
			return fmt.Errorf("%+v", n)
		}
		return nil
	})
	done := s.stopping()
	for _, c := range []*client{a, b} {
		c.closed()
		// What crosses the end on its way is not answered, and not reset.
		c.get("/late")
		c.CloseWrite()
		if n, err := io.Copy(io.Discard, c); n > 0 || err != nil {
			t.Errorf("got %d bytes, %v", n, err)
		}
	}
	if err := <-done; err != nil {
		t.Errorf("stop: %v", err)
	}
}

// Who has connected before the stop is served, accepted or not: load goes on
// while the entry stops, and no request that was answered or run is lost.
func TestStopUnderLoad(t *testing.T) {
	var mu sync.Mutex
	ran, answered := 0, 0
	s := start(t, Config{}, func(c *call) {
		mu.Lock()
		ran++
		mu.Unlock()
		pong(c)
	})
	began := make(chan struct{})
	var once sync.Once
	var clients sync.WaitGroup
	for i := range 16 {
		clients.Go(func() {
			for n := 0; ; n++ {
				c, err := s.tryDial()
				if err != nil {
					return
				}
				for j := 0; j <= i; j++ { // those with a low number connect more often
					if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
						break
					}
					a, err := c.try()
					if err != nil {
						break
					}
					mu.Lock()
					answered++
					mu.Unlock()
					if a.Close {
						break
					}
				}
				c.Close()
				if n == 20 {
					once.Do(func() { close(began) })
				}
			}
		})
	}
	<-began
	if err := <-s.stopping(); err != nil {
		t.Errorf("stop: %v", err)
	}
	clients.Wait()
	if ran != answered {
		t.Errorf("%d requests ran, %d were answered", ran, answered)
	}
}

// When the time is over, those that are left are cut and told, if they can be.
func TestEndOfStop(t *testing.T) {
	s := start(t, Config{}, func(c *call) {
		if len(c.field("X-Stream")) > 0 {
			c.part(ok, "half")
		}
		untilWithdrawn(c)
	})
	waiting := s.dial().get("/")
	streaming := s.dial().send("GET / HTTP/1.1\r\nHost: test\r\nX-Stream: 1\r\n\r\n")
	stuck := s.dial()
	eventually(t, "all have arrived", func() error {
		if n := s.Counts(); n.Connections != 3 || n.Waiting != 2 || n.Streaming != 1 {
			return fmt.Errorf("%+v", n)
		}
		return nil
	})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := s.Stop(ctx); err == nil {
		t.Error("the stop was not in time, and said nothing")
	}
	waiting.want(503, "The server is stopping.")
	waiting.closed()
	if a := streaming.receive(); a.err == nil {
		t.Errorf("got %q, which looks complete", a.body)
	}
	stuck.closed()
	both := s.logged() + s.logged()
	for _, want := range []string{`"status":503`, "the server is stopping", "the server stopped in the middle of the response"} {
		if !strings.Contains(both, want) {
			t.Errorf("logged %s, want %s in it", both, want)
		}
	}
}
