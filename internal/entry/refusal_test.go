package entry

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// A failure before anything was sent is an honest error. It says to the log
// what it does not say to the public, and the connection is kept.
func TestErrors(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		kind   string
	}{
		{sharedsocket.ErrFull, 503, "connection_limit_reached"},
		{sharedsocket.ErrQueueTimeout, 503, "connection_timeout"},
		{sharedsocket.ErrNoWorkers, 503, "destination_unavailable"},
		{sharedsocket.ErrClosed, 503, "destination_unavailable"},
		{sharedsocket.ErrDied, 502, "connection_terminated"},
		{sharedsocket.ErrBroken, 502, "http_response_incomplete"},
		{sharedsocket.ErrBadReply, 502, "http_protocol_error"},
		{sharedsocket.ErrTimeout, 504, "http_response_timeout"},
		{errors.New("something new"), 502, "proxy_internal_error"},
	} {
		wrapped := fmt.Errorf("%w: /secret/path pid 7", test.err)
		for _, submitted := range []bool{true, false} {
			for _, half := range []bool{true, false} {
				s := start(t, Config{}, func(c *call) {
					if half {
						c.final(ok, "half", wrapped)
					} else {
						c.end(wrapped)
					}
				}, func(s *server) {
					if !submitted {
						s.back.refuse = wrapped
					}
				})
				c := s.dial()
				r := c.get("/").want(test.status, "")
				if got := r.Header.Get("Proxy-Status"); !strings.HasPrefix(got, "rip-server; error="+test.kind+"; details=\"") {
					t.Errorf("%v: Proxy-Status: %s", test.err, got)
				}
				if (r.Header.Get("Retry-After") != "") != (test.status == 503) {
					t.Errorf("%v: Retry-After: %q", test.err, r.Header.Get("Retry-After"))
				}
				id := r.Header.Get("X-Request-Id")
				if id == "" || !strings.Contains(r.body, id) || strings.Contains(r.body+fmt.Sprint(r.Header), "secret") {
					t.Errorf("%v: got %v %q", test.err, r.Header, r.body)
				}
				// The connection is as good as before.
				c.get("/").want(test.status, "")
				s.wantLogged(fmt.Sprintf(`"status":%d`, test.status), `"id":"`+id+`"`, "/secret/path")
			}
		}
	}
}
