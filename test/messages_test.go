package test

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

func ping(t *testing.T, s *driver.Server) {
	a, err := s.Ask("GET", "/ping")
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != 200 || string(a.Body) != "pong" {
		t.Errorf("got %d %q", a.Status, a.Body)
	}
	if got := a.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain") {
		t.Errorf("Content-Type: %s", got)
	}
	if a.Header.Get("Content-Length") != "4" || a.Header.Get("Date") == "" || len(a.Header["Date"]) != 1 {
		t.Errorf("fields: %v", a.Header)
	}
}

func jsonBody(t *testing.T, s *driver.Server) {
	a, err := s.Ask("GET", "/json")
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Header.Get("Content-Type"); a.Status != 200 || got != "application/json" || !json.Valid(a.Body) {
		t.Errorf("got %d %s %q", a.Status, got, a.Body)
	}
}

func methods(t *testing.T, s *driver.Server) {
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "M-SEARCH"} {
		s.Echo(&driver.Request{Method: method, Target: "/echo"})
		s.Echo(&driver.Request{Method: method, Target: "/echo", Body: []byte("a body")})
		s.Echo(&driver.Request{Method: method, Target: "/echo", Body: []byte("a body"), Chunked: true})
	}
}

// targets go to the app as they came: what they mean is the app's affair.
func targets(t *testing.T, s *driver.Server) {
	for _, target := range []string{
		"/echo?", "/echo?a=1&a=2&b", "/a%2Fb", "/a/../b", "//double//", "/%00?%", "/;p=1?x=%20+", "/" + strings.Repeat("x", 4000),
	} {
		s.Echo(&driver.Request{Target: target})
	}
}

func fields(t *testing.T, s *driver.Server) {
	e := s.Echo(&driver.Request{Target: "/echo", Fields: []string{
		"X-One: first", "x-one: second", "X-Empty:", "X-Latin: caf\xe9", "X-Spaced:   in  between \t",
		"Cookie: a=1", "Connection: X-Drop", "X-Drop: hop by hop", "Keep-Alive: timeout=5", "TE: trailers",
		"Authorization: Basic eDp5",
	}})
	for name, want := range map[string][]string{
		"X-One":         {"first", "second"},
		"X-Empty":       {""},
		"X-Spaced":      {"in  between"},
		"Cookie":        {"a=1"},
		"Authorization": {"Basic eDp5"},
		"Host":          {"lab.test"},
		"X-Drop":        nil,
		"Connection":    nil,
		"Keep-Alive":    nil,
		"Te":            nil,
	} {
		// Some languages have all values of a field in one (RFC 9110, 5.3).
		got := e.Values(name)
		if strings.ReplaceAll(strings.Join(got, ","), ", ", ",") != strings.Join(want, ",") || (got == nil) != (want == nil) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "lab.test",
	} {
		if got := e.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"X-Request-Id", "X-Request-Start"} {
		if got := e.Values(name); len(got) != 1 || got[0] == "" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// sizes are those around which something changes: nothing at all, one read,
// what travels in a record, the record itself, and far beyond.
var sizes = []int{0, 1, 4095, 64<<10 - 1, 64 << 10, 64<<10 + 1, 128 << 10, 128<<10 + 1, 1 << 20, 10 << 20}

func requestBodies(t *testing.T, s *driver.Server) {
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, size := range sizes {
		for _, chunked := range []bool{false, true} {
			q := &driver.Request{Method: "POST", Target: "/echo", Body: driver.Noise(size, uint64(size)), Chunked: chunked}
			a, err := c.Do(q)
			if err != nil {
				t.Fatalf("%d bytes, chunked %v: %v", size, chunked, err)
			}
			if err := driver.VerifyEcho(a, q); err != nil {
				t.Errorf("%d bytes, chunked %v: %v", size, chunked, err)
			}
		}
	}
}

func responseBodies(t *testing.T, s *driver.Server) {
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, path := range []string{"/bytes", "/file"} {
		for _, size := range sizes {
			a, err := c.Do(&driver.Request{Target: fmt.Sprintf("%s?n=%d", path, size)})
			if err != nil {
				t.Fatalf("%s, %d bytes: %v", path, size, err)
			}
			if a.Status != 200 || len(a.Body) != size {
				t.Errorf("%s, %d bytes: got %d with %d", path, size, a.Status, len(a.Body))
			}
			for i, c := range a.Body {
				if int(c) != i%251 {
					t.Fatalf("%s, %d bytes: byte %d is %d, want %d", path, size, i, c, i%251)
				}
			}
		}
	}
}

func head(t *testing.T, s *driver.Server) {
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 2 { // were there a body, the second answer would begin with it
		a, err := c.Do(&driver.Request{Method: "HEAD", Target: "/ping"})
		if err != nil {
			t.Fatal(err)
		}
		if a.Status != 200 || a.Header.Get("Content-Length") != "4" || len(a.Body) != 0 {
			t.Errorf("got %d %v %q", a.Status, a.Header, a.Body)
		}
	}
}

func http10(t *testing.T, s *driver.Server) {
	for request, closes := range map[string]bool{
		"GET /ping HTTP/1.0\r\n\r\n":                                        true,
		"GET /ping HTTP/1.0\r\nHost: lab\r\nConnection: keep-alive\r\n\r\n": false,
		"GET /stream?n=3&ms=1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n":   true, // only the end of the connection can end it
	} {
		c, err := s.Dial()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, request); err != nil {
			t.Fatal(err)
		}
		a, err := c.Receive("GET")
		if err != nil || a.Status != 200 || a.Close != closes || a.Header.Get("Transfer-Encoding") != "" {
			t.Errorf("%q: got %+v, %v, want close %v", request, a, err, closes)
		}
		c.Close()
	}
}

func expectContinue(t *testing.T, s *driver.Server) {
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	head := "POST /echo HTTP/1.1\r\nHost: lab\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
	if _, err := io.WriteString(c, head); err != nil {
		t.Fatal(err)
	}
	a, err := c.Receive("POST")
	if err != nil || a.Status != 100 {
		t.Fatalf("before the body: got %+v, %v, want 100", a, err)
	}
	if _, err := io.WriteString(c, "hello"); err != nil {
		t.Fatal(err)
	}
	if a, err = c.Receive("POST"); err != nil {
		t.Fatal(err)
	}
	if err := driver.VerifyEcho(a, &driver.Request{Method: "POST", Target: "/echo", Body: []byte("hello")}); err != nil {
		t.Error(err)
	}
}

func upgrade(t *testing.T, s *driver.Server) {
	a, err := s.Do(&driver.Request{Target: "/echo", Fields: []string{"Connection: Upgrade", "Upgrade: websocket"}})
	if err != nil || a.Status != 501 || len(a.Body) == 0 {
		t.Errorf("got %+v, %v, want 501 and a sentence", a, err)
	}
}

func pipelining(t *testing.T, s *driver.Server) {
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var requests []*driver.Request
	for i := range 20 {
		q := &driver.Request{Target: fmt.Sprintf("/echo?n=%d", i)}
		switch i % 3 {
		case 1:
			q.Method, q.Body = "POST", driver.Noise(i*100, uint64(i))
		case 2:
			q.Method, q.Body, q.Chunked = "PUT", driver.Noise(i*100, uint64(i)), true
		}
		requests = append(requests, q)
	}
	if err := c.Send(requests...); err != nil {
		t.Fatal(err)
	}
	for i, q := range requests {
		a, err := c.Receive(q.Method)
		if err == nil {
			err = driver.VerifyEcho(a, q)
		}
		if err != nil {
			t.Fatalf("answer %d: %v", i, err)
		}
	}
}
