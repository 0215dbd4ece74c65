package entry

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// What a client leaves unfinished must not become a part of what another one
// sends: buffers and parsers are shared between connections.
func TestNothingIsLeftForTheNextConnection(t *testing.T) {
	s := start(t, Config{}, echo)
	for _, unfinished := range []string{
		"GET /secret HTTP/1.1\r\nHost: victim\r\nX-Leak: 1\r\n",
		"GET /sec",
		"POST /secret HTTP/1.1\r\nHost: victim\r\nContent-Length: 100\r\n\r\nsome of it",
		"POST /secret HTTP/1.1\r\nHost: victim\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
		"POST /secret HTTP/1.1\r\nHost: victim\r\nContent-Length: 1000000\r\n\r\n" + strings.Repeat("x", 100_000),
		"GET /secret HTTP/1.1\r\nHost: victim\r\n\r\nGET /secret HTTP/1.1\r\nHost: victim\r\nX-Leak: 1\r\n",
	} {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				c := s.dial().send(unfinished)
				c.CloseWrite()
				_, _ = io.Copy(io.Discard, c)
			})
		}
		all.Wait()
		for range 8 {
			all.Go(func() {
				s.dial().send("POST /mine HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nmine").
					want(200, "POST /mine HTTP/1.1\r\nHost: test\r\nX-Forwarded-For")
			})
		}
		all.Wait()
	}
}

func TestPipelining(t *testing.T) {
	s := start(t, Config{ServerPath: "/server"}, echo)
	c := s.dial()
	var b strings.Builder
	for i := range 50 {
		fmt.Fprintf(&b, "GET /get/%d HTTP/1.1\r\nHost: test\r\n\r\n", i)
		fmt.Fprintf(&b, "POST /post/%d HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\n%03d", i, i)
		fmt.Fprintf(&b, "PUT /put/%d HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n%03d\r\n0\r\n\r\n", i, i)
		b.WriteString("GET /server HTTP/1.1\r\nHost: test\r\n\r\n")
	}
	go c.Write([]byte(b.String()))
	for i := range 50 {
		c.want(200, fmt.Sprintf("GET /get/%d HTTP/1.1", i))
		c.want(200, fmt.Sprintf("\r\n\r\n%03d", i))
		c.want(200, fmt.Sprintf("PUT /put/%d HTTP/1.1", i))
		c.want(200, "ok")
	}
}

// The answer to a request is not held back until the next one has arrived.
func TestAnswersDoNotWaitForTheNextRequest(t *testing.T) {
	s := start(t, Config{ServerPath: "/server"}, echo)
	c := s.dial()
	for _, begun := range []string{"GET /second HT", "POST /second HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbo"} {
		c.send("GET /server HTTP/1.1\r\nHost: test\r\n\r\n"+begun).want(200, "ok")
		rest := "TP/1.1\r\nHost: test\r\n\r\n"
		if strings.HasPrefix(begun, "POST") {
			rest = "dy"
		}
		c.send(rest).want(200, "/second")
	}
}

// By byte, everything is as it is in one piece.
func TestByByte(t *testing.T) {
	s := start(t, Config{}, echo)
	c := s.dial()
	for i, raw := range []string{
		"GET /a HTTP/1.1\r\nHost: test\r\nX-Field: value\r\n\r\n",
		"POST /b HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nbody of b",
		"POST /c HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nbody\r\n5\r\n of c\r\n0\r\nX-Trailer: 1\r\n\r\n",
	} {
		for j := range len(raw) {
			c.send(raw[j : j+1])
		}
		want := []string{"X-Field: value\r\n", "\r\n\r\nbody of b", "Content-Length: 9\r\n\r\nbody of c"}
		c.want(200, want[i])
	}
}

func TestHTTP10(t *testing.T) {
	s := start(t, Config{}, func(c *call) {
		if strings.HasPrefix(c.head, "GET /stream") {
			c.part(ok, "a part")
			c.end(nil)
			return
		}
		pong(c)
	})
	c := s.dial().send("GET / HTTP/1.0\r\n\r\n")
	if a := c.want(200, "pong"); !a.Close {
		t.Error("the connection is kept")
	}
	c.closed()

	c = s.dial().send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
	if a := c.want(200, "pong"); a.Header.Get("Connection") != "keep-alive" {
		t.Errorf("fields: %v", a.Header)
	}
	c.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
	if a := c.want(200, "a part"); !a.Close || len(a.TransferEncoding) > 0 {
		t.Error("a stream to HTTP/1.0 ends with the connection, and is not chunked")
	}
	c.closed()
}

// A client that ends its sending side gets what it has asked for.
func TestHalfClose(t *testing.T) {
	s := start(t, Config{}, pong)
	c := s.dial().get("/a").get("/b")
	c.CloseWrite()
	c.want(200, "pong")
	c.want(200, "pong")
	c.closed()
}

// What a client sends behind a refused request must not reset the refusal.
func TestRefusalsAreReadable(t *testing.T) {
	s := start(t, Config{MaxBody: 1000}, pong)
	more := strings.Repeat("x", 4<<20)
	for _, raw := range []string{
		"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5000000\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n500000\r\n",
		"GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
	} {
		c := s.dial().send(raw + more)
		c.CloseWrite()
		c.receive()
		c.closed()
	}
}

func TestMaxRequests(t *testing.T) {
	s := start(t, Config{MaxRequests: 3}, pong)
	c := s.dial()
	for i := range 3 {
		if a := c.get("/").want(200, "pong"); a.Close != (i == 2) {
			t.Errorf("request %d: close %v", i, a.Close)
		}
	}
	c.closed()
}

// A connection that is closed because it is idle may have begun a request in
// that moment. A request that reached the app is answered.
func TestClosingIdleConnectionsLosesNothing(t *testing.T) {
	var ran atomic.Int64
	s := start(t, Config{}, func(c *call) {
		ran.Add(1)
		pong(c)
	})
	stop := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				s.closeIdle(2, 0)
			}
		}
	})
	var answered atomic.Int64
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			c := s.dial()
			for range 300 {
				if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
					c = s.dial()
					continue
				}
				if a, err := c.try(); err != nil {
					c = s.dial()
				} else if a.body != "pong" {
					t.Errorf("got %d %q", a.StatusCode, a.body)
				} else {
					answered.Add(1)
				}
			}
		})
	}
	clients.Wait()
	close(stop)
	all.Wait()
	if ran.Load() != answered.Load() {
		t.Errorf("%d requests ran, %d were answered", ran.Load(), answered.Load())
	}
}
