package entry

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestBuiltIn(t *testing.T) {
	s := start(t, Config{
		ServerPath: "/server", StatusPath: "/status",
		Status: func() (int, []byte) { return 503, []byte("{}\n") },
	}, pong)
	c := s.dial()
	c.get("/server?x=1").want(200, "ok")
	if a := c.get("/status").want(503, "{}"); a.Header.Get("Content-Type") != "application/json" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("fields: %v", a.Header)
	}
	if a := c.send("HEAD /status HTTP/1.1\r\nHost: test\r\n\r\n").receiveTo("HEAD"); a.StatusCode != 503 || a.ContentLength != 3 {
		t.Errorf("HEAD got %d, length %d", a.StatusCode, a.ContentLength)
	}
	if a := c.send("DELETE /server HTTP/1.1\r\nHost: test\r\n\r\n").want(405, ""); a.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("fields: %v", a.Header)
	}
	c.get("/server/").want(200, "pong") // the app's
	// A body that nobody wants is not mistaken for the next request.
	c.send("POST /server HTTP/1.1\r\nHost: test\r\nContent-Length: 34\r\n\r\nGET /evil HTTP/1.1\r\nHost: test\r\n\r\n").want(405, "")
	c.closed()

	s = start(t, Config{}, pong)
	c = s.dial()
	c.get("/server").want(200, "pong")
	c.get("/status").want(200, "pong")
}

func TestUpgrade(t *testing.T) {
	s := start(t, Config{}, pong)
	c := s.dial().send("GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x05hello")
	if a := c.want(501, "HTTP/1.1"); a.Header.Get("Proxy-Status") == "" {
		t.Errorf("fields: %v", a.Header)
	}
	c.closed()
	s.dial().send("GET / HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\n\r\n").want(200, "pong") // it does not insist
}

// Before may hold requests up, and answer browsers.
func TestBefore(t *testing.T) {
	hold := make(chan struct{})
	page := make(chan []byte, 1)
	s := start(t, Config{
		ServerPath: "/server",
		Before: func(browser bool) []byte {
			<-hold
			select {
			case p := <-page:
				if browser {
					return p
				}
			default:
			}
			return nil
		},
	}, pong)
	c := s.dial().get("/server").get("/") // the first is not held up by the second
	c.want(200, "ok")
	gone := s.dial().get("/")
	eventually(t, "both are held up", func() error {
		if s.Counts().Waiting != 2 {
			return errors.New("not yet")
		}
		return nil
	})
	gone.Close()
	s.wantLogged(`"path":"/server"`)
	time.Sleep(3 * tick * askAfter) // it is noticed that the client is gone
	close(hold)
	c.want(200, "pong")
	both := s.logged() + s.logged()
	for _, want := range []string{`"status":200`, `"status":499`} {
		if !strings.Contains(both, want) {
			t.Errorf("logged %s, want %s in it", both, want)
		}
	}
	const browser = " / HTTP/1.1\r\nHost: test\r\nAccept: text/html,*/*\r\n\r\n"
	page <- []byte("<p>it does not compile")
	if a := c.send("GET"+browser).want(500, "<p>it does not compile"); a.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("fields: %v", a.Header)
	}
	page <- []byte("<p>it does not compile")
	c.send("POST"+browser).want(200, "pong")
}
