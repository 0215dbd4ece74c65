package entry

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// client is a connection that does exactly what it is told.
type client struct {
	*net.TCPConn
	t *testing.T
	r *bufio.Reader
}

func (s *server) dial() *client {
	s.t.Helper()
	c, err := s.tryDial()
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	return c
}

// tryDial connects, if that is possible. The client must be closed.
func (s *server) tryDial() (*client, error) {
	nc, err := net.Dial("tcp", s.addr)
	if err != nil {
		return nil, err
	}
	c := &client{nc.(*net.TCPConn), s.t, bufio.NewReader(nc)}
	c.SetDeadline(time.Now().Add(patienceOfTests))
	return c, nil
}

// send sends raw bytes.
func (c *client) send(raw string) *client {
	c.t.Helper()
	if _, err := io.WriteString(c, raw); err != nil {
		c.t.Fatalf("send: %v", err)
	}
	return c
}

// get sends a plain request.
func (c *client) get(target string) *client {
	c.t.Helper()
	return c.send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n")
}

// received is a response that was read to its end.
type received struct {
	*http.Response
	body string
	err  error // where the body ended early
}

// receive reads the next response.
func (c *client) receive() received { return c.receiveTo("GET") }

func (c *client) receiveTo(method string) received {
	c.t.Helper()
	r, err := http.ReadResponse(c.r, &http.Request{Method: method})
	if err != nil {
		c.t.Fatalf("receive: %v", err)
	}
	b, err := io.ReadAll(r.Body)
	return received{r, string(b), err}
}

// try reads the next response, if there is one.
func (c *client) try() (received, error) {
	r, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return received{}, err
	}
	b, err := io.ReadAll(r.Body)
	return received{r, string(b), err}, err
}

// want fails unless the next response has this status and this in its body.
func (c *client) want(status int, body string) received {
	c.t.Helper()
	a := c.receive()
	if a.StatusCode != status || !strings.Contains(a.body, body) || a.err != nil {
		c.t.Errorf("got %d %q, %v, want %d %q", a.StatusCode, a.body, a.err, status, body)
	}
	return a
}

// closed fails unless the server ends the connection with a FIN, without
// another byte.
func (c *client) closed() {
	c.t.Helper()
	if b, err := io.ReadAll(c.r); err != nil || len(b) > 0 {
		c.t.Errorf("got %q, %v, want the end of the connection", b, err)
	}
}

// open fails unless the connection still serves.
func (c *client) open() {
	c.t.Helper()
	c.get("/open").receive()
}
