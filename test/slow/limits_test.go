package slow

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// The limits of heads, of fields and of the target are in TestRawBytes. These
// are those that have to do with time and numbers.
func TestLimits(t *testing.T) {
	for _, limit := range []struct {
		name, arg string
		check     func(*testing.T, *driver.Server)
	}{
		{"head timeout", "--head-timeout=500ms", headTimeout},
		{"idle timeout", "--idle-timeout=500ms", idleTimeout},
		{"requests of a connection", "--keep-alive-requests=3", requestsOfAConnection},
		{"connections", "--max-connections=10", func(t *testing.T, s *driver.Server) { connectionLimit(t, s, 10) }},
		{"connections of an address", "--max-connections-per-address=10", func(t *testing.T, s *driver.Server) { connectionLimit(t, s, 10) }},
		{"body", "--max-body=1MiB", maxBody},
	} {
		t.Run(limit.name, func(t *testing.T) {
			s := driver.Start(t, driver.Options{App: driver.Program(t, "examples/lab"), Workers: 1, Args: []string{driver.Still, limit.arg}})
			limit.check(t, s)
			s.Settled()
		})
	}
}

// dial connects.
func dial(t *testing.T, s *driver.Server) *driver.Conn {
	t.Helper()
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(driver.Patience))
	return c
}

// ends fails unless the server ends the connection without another byte.
func ends(t *testing.T, c *driver.Conn) {
	t.Helper()
	c.SetDeadline(time.Now().Add(driver.Patience))
	if b, err := io.ReadAll(c); err != nil || len(b) > 0 {
		t.Errorf("got %q, %v, want the end of the connection", b, err)
	}
	c.Close()
}

// headTimeout: however its bytes come, a head has to be complete in time.
func headTimeout(t *testing.T, s *driver.Server) {
	silent := dial(t, s) // has not begun one: that is another limit
	defer silent.Close()
	stalled, dribbling := dial(t, s), dial(t, s)
	for _, c := range []*driver.Conn{stalled, dribbling} {
		if _, err := io.WriteString(c, "GET /ping HTTP/1.1\r\nHost: lab\r\nX-A: "); err != nil {
			t.Fatal(err)
		}
	}
	over := make(chan struct{})
	defer close(over)
	go func() {
		for {
			select {
			case <-over:
				return
			case <-time.After(10 * time.Millisecond):
				_, _ = io.WriteString(dribbling, "a") // until it is closed
			}
		}
	}()
	for _, c := range []*driver.Conn{stalled, dribbling} {
		a, err := c.Receive("GET")
		if err != nil || a.Status != 408 || !a.Close {
			t.Errorf("got %+v, %v, want 408 and the end", a, err)
		}
	}
	stalled.Close()
	if a, err := silent.Do(&driver.Request{Target: "/ping"}); err != nil || a.Status != 200 {
		t.Errorf("who had not begun got %+v, %v", a, err)
	}
	dribbling.Close()
}

// idleTimeout: a connection on which nothing is asked ends without a word, and
// not in the middle of a request.
func idleTimeout(t *testing.T, s *driver.Server) {
	silent, served := dial(t, s), dial(t, s)
	busy := s.Go("busy", "/sleep?ms=1500")
	s.AwaitRunning("busy")
	if a, err := served.Do(&driver.Request{Target: "/server"}); err != nil || a.Status != 200 {
		t.Fatalf("got %+v, %v", a, err)
	}
	ends(t, silent)
	ends(t, served)
	if a := busy.Answer(); a.Status != 200 {
		t.Errorf("a request that took longer got %d", a.Status)
	}
}

func requestsOfAConnection(t *testing.T, s *driver.Server) {
	c := dial(t, s)
	for i := range 3 {
		a, err := c.Do(&driver.Request{Target: "/ping"})
		if err != nil || a.Status != 200 || a.Close != (i == 2) {
			t.Fatalf("request %d: got %+v, %v", i, a, err)
		}
	}
	ends(t, c)
}

// connectionLimit: when all connections are busy the next one is told, as many
// as that may be, and when one is free again it can be used.
func connectionLimit(t *testing.T, s *driver.Server, most int) {
	s.Eventually("the connections of the start are gone", func() error {
		if n := connections(s); n > 0 {
			return fmt.Errorf("there are %d", n)
		}
		return nil
	})
	var busy []*upload
	for i := range most {
		busy = append(busy, beginUpload(s, fmt.Sprintf("busy-%d", i), 100, false, 1))
	}
	s.Eventually("all have come", func() error {
		if n := connections(s); n != most {
			return fmt.Errorf("there are %d connections", n)
		}
		return nil
	})
	for range 50 {
		c := dial(t, s)
		a, err := c.Receive("GET")
		if err != nil || a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || !a.Close {
			t.Fatalf("one too many got %+v, %v, want 503", a, err)
		}
		c.Close()
	}
	busy[0].Close()
	s.Eventually("there is room again", func() error {
		a, err := s.Ask("GET", "/ping")
		if err == nil && a.Status != 200 {
			err = errors.New(http.StatusText(a.Status))
		}
		return err
	})
	for _, u := range busy[1:] {
		if err := u.dribble(); err != nil {
			t.Fatal(err)
		}
		if a, err := u.Receive("POST"); err != nil || driver.VerifyEcho(a, u.q) != nil {
			t.Errorf("%s: got %+v, %v", u.id, a, err)
		}
		u.Close()
	}
}

// maxBody: whoever sends too much can read that it is too much, although they
// are still sending.
func maxBody(t *testing.T, s *driver.Server) {
	const most = 1 << 20
	for _, chunked := range []bool{false, true} {
		s.Echo(&driver.Request{Method: "POST", Target: "/echo", Body: driver.Noise(most, 1), Chunked: chunked})
		for _, size := range []int{most + 1, 32 << 20} {
			c := dial(t, s)
			sent := make(chan error, 1)
			go func() {
				sent <- c.Send(&driver.Request{Method: "POST", Target: "/echo", Body: driver.Noise(size, 1), Chunked: chunked})
			}()
			a, err := c.Receive("POST")
			if err != nil || a.Status != http.StatusRequestEntityTooLarge || !a.Close {
				t.Errorf("%d bytes, chunked %v: got %+v, %v, want 413", size, chunked, a, err)
			}
			if err := <-sent; err != nil {
				t.Errorf("%d bytes, chunked %v: the connection broke: %v", size, chunked, err)
			}
			c.Close()
		}
	}
	s.AwaitSpooled(0)
}
