package driver

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Request is a request as the driver writes it.
type Request struct {
	Method  string // "" = GET
	Target  string
	Fields  []string // more header fields, "Name: value"
	Body    []byte
	Chunked bool // send the body in the chunked coding
}

// Answer is a response that was read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Close  bool // the server ends the connection after it
}

// Conn is a connection of a client that does exactly what it is told: unlike
// net/http's, it never sends a request again by itself.
type Conn struct {
	net.Conn
	r *bufio.Reader
}

// Dial connects to the server.
func (s *Server) Dial() (*Conn, error) {
	c, err := net.DialTimeout("tcp", strings.TrimPrefix(s.URL, "http://"), Patience)
	if err != nil {
		return nil, err
	}
	return &Conn{c, bufio.NewReaderSize(c, 16<<10)}, nil
}

// Bytes returns the request as it is sent.
func (q *Request) Bytes() []byte { return q.appendTo(nil) }

// appendTo adds the request's bytes to b.
func (q *Request) appendTo(b []byte) []byte {
	method := q.Method
	if method == "" {
		method = "GET"
	}
	b = fmt.Appendf(b, "%s %s HTTP/1.1\r\nHost: lab.test\r\n", method, q.Target)
	for _, field := range q.Fields {
		b = append(b, field+"\r\n"...)
	}
	switch {
	case q.Chunked:
		b = append(b, "Transfer-Encoding: chunked\r\n\r\n"...)
		for rest := q.Body; len(rest) > 0; {
			n := min(len(rest), 10_000)
			b = fmt.Appendf(b, "%x\r\n%s\r\n", n, rest[:n])
			rest = rest[n:]
		}
		return append(b, "0\r\n\r\n"...)
	case q.Body != nil:
		b = fmt.Appendf(b, "Content-Length: %d\r\n", len(q.Body))
	}
	b = append(b, "\r\n"...)
	return append(b, q.Body...)
}

// Send writes requests one behind the other, without waiting for answers.
func (c *Conn) Send(requests ...*Request) error {
	var b []byte
	for _, q := range requests {
		b = q.appendTo(b)
	}
	c.SetDeadline(time.Now().Add(Patience))
	_, err := c.Write(b)
	return err
}

// Receive reads the next answer to its end; the method is that of its request.
// When the body is cut off the answer holds what came, and there is an error.
func (c *Conn) Receive(method string) (*Answer, error) {
	a, body, err := c.ReceiveHead(method)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	a.Body, err = io.ReadAll(body)
	return a, err
}

// ReceiveHead reads the head of the next answer and returns its body to read.
func (c *Conn) ReceiveHead(method string) (*Answer, io.ReadCloser, error) {
	c.SetDeadline(time.Now().Add(Patience))
	r, err := http.ReadResponse(c.r, &http.Request{Method: method})
	if err != nil {
		return nil, nil, err
	}
	return &Answer{Status: r.StatusCode, Header: r.Header, Close: r.Close}, r.Body, nil
}

// Do sends a request and reads the answer.
func (c *Conn) Do(q *Request) (*Answer, error) {
	if err := c.Send(q); err != nil {
		return nil, err
	}
	return c.Receive(q.Method)
}

// Do sends a request on a connection of its own and reads the answer.
func (s *Server) Do(q *Request) (*Answer, error) {
	c, err := s.Dial()
	if err != nil {
		return nil, err
	}
	defer c.Close()
	one := *q
	one.Fields = append([]string{"Connection: close"}, q.Fields...)
	return c.Do(&one)
}

// Ask does a request without a body on a connection of its own.
func (s *Server) Ask(method, target string) (*Answer, error) {
	return s.Do(&Request{Method: method, Target: target})
}

// Get returns the body of a 200; anything else ends the test.
func (s *Server) Get(target string) string {
	s.t.Helper()
	a, err := s.Ask("GET", target)
	if err != nil {
		s.Fatalf("GET %s: %v", target, err)
	}
	if a.Status != 200 {
		s.Fatalf("GET %s: status %d, %s", target, a.Status, bytes.TrimSpace(a.Body))
	}
	return string(a.Body)
}
