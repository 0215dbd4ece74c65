package entry

import (
	"fmt"
	"strings"
	"testing"
)

// What a line of the access log says is of that request, although memory is
// used again and again: by other requests of the connection, by the parts of a
// reply, by other connections.
func TestAccessLog(t *testing.T) {
	s := start(t, Config{ServerPath: "/server"}, func(c *call) {
		n := c.field("X-N")[0]
		head := "HTTP/1.1 200 OK\r\nContent-Type: text/x-" + n + "; charset=utf-8\r\n\r\n"
		if len(n)%2 == 0 {
			c.reply(head, n)
			return
		}
		c.part(head, "")
		for range 30 {
			c.part("", strings.Repeat("other memory ", 1000))
		}
		c.end(nil)
	})
	c := s.dial()
	for i := range 40 {
		n := strings.Repeat("n", i%7+1) + fmt.Sprint(i)
		body := strings.Repeat("b", i*100)
		method := strings.Repeat("M", i%5+1)
		a := c.send(fmt.Sprintf("%s /path-%s?query HTTP/1.1\r\nHost: test\r\nX-N: %s\r\nContent-Length: %d\r\n\r\n%s", method, n, n, len(body), body)).
			receive()
		length := len(a.body)
		s.wantLogged(`"method":"`+method+`"`, `"path":"/path-`+n+`"`, `"status":200`, `"type":"text/x-`+n+`"`,
			fmt.Sprintf(`"length":%d,`, length), fmt.Sprintf(`"bytesIn":%d,`, len(body)), `"worker":1`, `"client":"127.0.0.1"`,
			`"workerSeconds":0.004`, `"queueSeconds":0.002`, `"cpuSeconds":0.002`)
	}
	c.send("HEAD /server HTTP/1.1\r\nHost: test\r\n\r\n").receiveTo("HEAD")
	s.wantLogged(`"method":"HEAD"`, `"path":"/server"`, `"status":200`, `"length":0`, `"worker":0`)
	c.send("GET /bad\r\n\r\n").receive()
	s.wantLogged(`"status":400`, `"worker":0`, `"bytesIn":0`, "malformed request line")
}

// Each request of a pipeline has its own line.
func TestAccessLogOfPipelines(t *testing.T) {
	s := start(t, Config{ServerPath: "/server"}, pong)
	c := s.dial()
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, "GET /server?%d HTTP/1.1\r\nHost: test\r\n\r\nGET /app/%d HTTP/1.1\r\nHost: test\r\n\r\n", i, i)
	}
	c.send(b.String())
	for i := range 20 {
		c.want(200, "ok")
		c.want(200, "pong")
		s.wantLogged(`"path":"/server"`)
		s.wantLogged(fmt.Sprintf(`"path":"/app/%d"`, i))
	}
}
