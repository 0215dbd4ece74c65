package entry

import (
	"io"
	"sync"
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
			all.Go(func() { s.dial().get("/mine").want(200, "GET /mine HTTP/1.1\r\nHost: test\r\n") })
		}
		all.Wait()
	}
}
