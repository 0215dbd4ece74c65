package entry

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

var dateLine = regexp.MustCompile(`Date: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r\n`)

// rest returns what comes until the server ends the connection.
func (c *client) rest() string {
	c.t.Helper()
	b, err := io.ReadAll(c.r)
	if err != nil {
		c.t.Errorf("the connection did not end well: %v", err)
	}
	return string(b)
}

// upTo reads up to and with this.
func (c *client) upTo(mark string) {
	c.t.Helper()
	for got := ""; !strings.HasSuffix(got, mark); {
		b, err := c.r.ReadByte()
		if err != nil {
			c.t.Fatalf("got %q, %v, want %q", got, err, mark)
		}
		got += string(b)
	}
}

// streams waits until that many replies are being streamed.
func (s *server) streams(n int) {
	s.t.Helper()
	eventually(s.t, "replies are streamed", func() error {
		if got := s.Counts().Streaming; got != n {
			return fmt.Errorf("%d of them, want %d", got, n)
		}
		return nil
	})
}

// parts is what a worker sends: those that have a head begin with HTTP.
type parts []string

// play sends the parts as one reply.
func (p parts) play(c *call) {
	for _, part := range p[:len(p)-1] {
		c.part(cutHead(part))
	}
	head, body := cutHead(p[len(p)-1])
	c.reply(head, body)
}

func cutHead(part string) (head, body string) {
	if !strings.HasPrefix(part, "HTTP") {
		return "", part
	}
	head, body, _ = strings.Cut(part, "\r\n\r\n")
	return head + "\r\n\r\n", body
}

// Whatever a worker sends, the client gets a well-framed message.
func TestAnswers(t *testing.T) {
	const (
		head11 = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
		head10 = "GET / HTTP/1.0\r\n\r\n"
		headH  = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"
		date   = "Date: now\r\n"
	)
	for _, test := range []struct {
		name    string
		request string
		reply   parts
		want    string // "502" for any answer with that status
		closes  bool
	}{
		{"whole", head11, parts{"HTTP/1.1 200 OK\r\n\r\nbody"},
			"HTTP/1.1 200 OK\r\n" + date + "Content-Length: 4\r\n\r\nbody", false},
		{"whole with length", head11, parts{"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"},
			"HTTP/1.1 200 OK\r\n" + date + "Content-Length: 4\r\n\r\nbody", false},
		{"its own reason and date", head11, parts{"HTTP/1.0 404 Gone fishing\r\nDate: then\r\nServer: s\r\nX: 1\r\nx: 2\r\n\r\n"},
			"HTTP/1.1 404 Not Found\r\nDate: then\r\nServer: s\r\nX: 1\r\nx: 2\r\nContent-Length: 0\r\n\r\n", false},
		{"unknown status", head11, parts{"HTTP/1.1 299 \r\n\r\n"},
			"HTTP/1.1 299 \r\n" + date + "Content-Length: 0\r\n\r\n", false},
		{"for one connection alone", head11, parts{"HTTP/1.1 200 OK\r\nConnection: close, X-Drop\r\nX-Drop: 1\r\nKeep-Alive: 1\r\nTransfer-Encoding: chunked\r\nRip-Stats: 1 2 3 4\r\nUpgrade: x\r\n\r\nbody"},
			"HTTP/1.1 200 OK\r\n" + date + "Content-Length: 4\r\n\r\nbody", false},
		{"equal lengths", head11, parts{"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody"},
			"HTTP/1.1 200 OK\r\n" + date + "Content-Length: 4\r\n\r\nbody", false},
		{"streamed", head11, parts{"HTTP/1.1 200 OK\r\n\r\none", "two", "three"},
			"HTTP/1.1 200 OK\r\n" + date + "Transfer-Encoding: chunked\r\n\r\n", false},
		{"streamed with length", head11, parts{"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\none", "two", "three"},
			"HTTP/1.1 200 OK\r\n" + date + "Content-Length: 11\r\n\r\nonetwothree", false},
		{"streamed without body", head11, parts{"HTTP/1.1 200 OK\r\n\r\n", ""},
			"HTTP/1.1 200 OK\r\n" + date + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false},
		{"streamed to HTTP/1.0", head10, parts{"HTTP/1.1 200 OK\r\n\r\none", "two"},
			"HTTP/1.1 200 OK\r\n" + date + "Connection: close\r\n\r\nonetwo", true},
		{"streamed to HTTP/1.0 with length", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", parts{"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none", "two"},
			"HTTP/1.1 200 OK\r\n" + date + "Content-Length: 6\r\nConnection: keep-alive\r\n\r\nonetwo", false},
		{"HEAD", headH, parts{"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"},
			"HTTP/1.1 200 OK\r\n" + date + "Content-Length: 4\r\n\r\n", false},
		{"HEAD with body", headH, parts{"HTTP/1.1 200 OK\r\n\r\nbody", "more"},
			"HTTP/1.1 200 OK\r\n" + date + "\r\n", false},
		{"204 with body", head11, parts{"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody"},
			"HTTP/1.1 204 No Content\r\n" + date + "\r\n", false},
		{"304", head11, parts{"HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\nContent-Length: 4\r\n\r\n"},
			"HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n" + date + "Content-Length: 4\r\n\r\n", false},
		{"early hints", head11, parts{"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nbody"},
			"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n" + date, false},
		{"early hints to HTTP/1.0", head10, parts{"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nbody"},
			"HTTP/1.1 200 OK\r\n" + date + "Connection: close\r\n\r\nbody", true},
		{"too long", head11, parts{"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodyHTTP/1.1 200 OK"},
			"HTTP/1.1 200 OK\r\n" + date + "Content-Length: 4\r\n\r\nbody", false},
		{"too long in parts", head11, parts{"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbo", "dyX", "Y"},
			"HTTP/1.1 200 OK\r\n" + date + "Content-Length: 4\r\n\r\nbody", false},
		{"too short", head11, parts{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody"}, "502", false},
		{"two lengths", head11, parts{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 4\r\n\r\nbody"}, "502", false},
		{"length and chunked", head11, parts{"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nbody"}, "502", false},
		{"signed length", head11, parts{"HTTP/1.1 200 OK\r\nContent-Length: +4\r\n\r\nbody"}, "502", false},
		{"no head", head11, parts{"body"}, "502", false},
		{"nothing", head11, parts{""}, "502", false},
		{"no status line", head11, parts{"HTTP nonsense\r\n\r\n"}, "502", false},
		{"injection", head11, parts{"HTTP/1.1 200 OK\r\nX: a\nSet-Cookie: b\r\n\r\n"}, "502", false},
		{"CR in a value", head11, parts{"HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n"}, "502", false},
		{"a fold", head11, parts{"HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n"}, "502", false},
		{"NUL in a value", head11, parts{"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n"}, "502", false},
		{"a body before its head", head11, parts{"body", "HTTP/1.1 200 OK\r\n\r\nbody"}, "502", false},
		{"too short for HEAD", headH, parts{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody"},
			"HTTP/1.1 200 OK\r\n" + date + "Content-Length: 5\r\n\r\n", false},
		{"switching protocols", head11, parts{"HTTP/1.1 101 Switching Protocols\r\n\r\n", ""}, "502", false},
		{"interim only", head11, parts{"HTTP/1.1 102 Processing\r\n\r\n"}, "502", false},
		{"malformed in the first of many", head11, parts{"HTTP/1.1 20 OK\r\n\r\n", "body"}, "502", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, Config{}, test.reply.play)
			c := s.dial()
			c.send(test.request)
			if !test.closes {
				method, _, _ := strings.Cut(test.request, " ")
				c.send(method + " /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
			}
			all := dateLine.ReplaceAllString(c.rest(), date)
			n := strings.Count(all, "HTTP/1.1 502")
			switch {
			case test.want == "502":
				if n != 2 || strings.Count(all, "Proxy-Status: rip-server; error=http_protocol_error") != 2 {
					t.Errorf("got %q", all)
				}
				return
			case !strings.HasPrefix(all, test.want):
				t.Errorf("got  %q\nwant %q", all, test.want)
			}
			// The connection is as good as before: the next answer is the same.
			status, _, _ := strings.Cut(test.want, "\r\n")
			if n := strings.Count(all, status); !test.closes && n != 2 {
				t.Errorf("%d answers in %q", n, all)
			}
		})
	}
}

// A streamed body arrives whole, whatever the parts and wherever they waited.
func TestStreamedBody(t *testing.T) {
	body := strings.Repeat("0123456789abcde\n", 1<<16)
	for _, size := range []int{100, 5000, 128<<10 - 200} {
		for _, head := range []string{ok, "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n"} {
			s := start(t, Config{}, func(c *call) {
				c.part(head, "")
				for rest := body; rest != ""; {
					n := min(size, len(rest))
					c.part("", rest[:n])
					rest = rest[n:]
				}
				c.end(nil)
			})
			c := s.dial()
			for range 2 {
				if r := c.get("/").receive(); r.err != nil || r.body != body {
					t.Errorf("parts of %d: got %d bytes, %v", size, len(r.body), r.err)
				}
			}
		}
	}
}

// A part reaches the client when it comes, not when the reply is complete.
func TestStreamingIsNotHeldBack(t *testing.T) {
	step := make(chan struct{})
	s := start(t, Config{}, func(c *call) {
		c.part(ok, "")
		<-step
		c.part("", "one")
		<-step
		c.reply("", "two")
	})
	c := s.dial().get("/")
	c.upTo("\r\n\r\n")
	s.streams(1)
	step <- struct{}{}
	c.upTo("3\r\none\r\n")
	step <- struct{}{}
	c.upTo("3\r\ntwo\r\n0\r\n\r\n")
	s.streams(0)
}

// A reply that fails in the middle must not look complete.
func TestBrokenOff(t *testing.T) {
	const length = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"
	for _, test := range []struct {
		request string
		sent    parts
		reset   bool // nothing else tells the client
	}{
		{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", parts{ok + "half"}, false},
		{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", parts{ok, "half"}, false},
		{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", parts{length, "half"}, false},
		{"GET / HTTP/1.0\r\n\r\n", parts{length + "half"}, false},
		{"GET / HTTP/1.0\r\n\r\n", parts{ok + "half"}, true},
		{"GET / HTTP/1.0\r\n\r\n", parts{ok, "half"}, true},
	} {
		for _, why := range []error{sharedsocket.ErrBroken, sharedsocket.ErrDied, sharedsocket.ErrTimeout} {
			seen := make(chan struct{})
			s := start(t, Config{}, func(c *call) {
				for _, p := range test.sent {
					c.part(cutHead(p))
				}
				<-seen
				c.end(why)
			})
			c := s.dial().send(test.request)
			c.upTo("half")
			close(seen)
			rest, err := io.ReadAll(c.r)
			if strings.Contains(string(rest), "0\r\n") || (err != nil) != test.reset {
				t.Errorf("%q %q: then came %q, %v", test.request, test.sent, rest, err)
			}
			s.wantLogged(`"status":200`, why.Error())
		}
	}
}

// A head that comes when the answer has begun ends the connection: it is too
// late for an error.
func TestStrayHeads(t *testing.T) {
	for _, first := range []string{"", "x"} {
		begun := make(chan struct{})
		s := start(t, Config{}, func(c *call) {
			c.part(ok, first)
			<-begun
			c.reply(ok, "y")
		})
		c := s.dial()
		c.get("/")
		if r, err := http.ReadResponse(c.r, nil); err != nil || r.StatusCode != 200 {
			t.Fatalf("got %v, %v", r, err)
		}
		close(begun)
		if got := c.rest(); strings.Contains(got, "HTTP") || strings.Contains(got, "0\r\n") {
			t.Errorf("got %q", got)
		}
		s.wantLogged(`"status":200`, "malformed: ")
	}
}
