package entry

import (
	"bytes"
	"time"

	"github.com/rip-server/rip-server/internal/http1"
)

// builtIn tells whether a request is for the entry itself.
func (c *conn) builtIn(r *http1.Request) bool {
	cfg := &c.e.cfg
	p := path(r.Target)
	return cfg.ServerPath != "" && string(p) == cfg.ServerPath || cfg.StatusPath != "" && string(p) == cfg.StatusPath
}

var (
	methodGet  = []byte("GET")
	methodHead = []byte("HEAD")
)

// answerBuiltIn answers /server and /status.
func (c *conn) answerBuiltIn(r *http1.Request) bool {
	if !bytes.Equal(r.Method, methodGet) && !bytes.Equal(r.Method, methodHead) {
		return c.refuse(405, "Only GET and HEAD are answered here", "http_request_denied")
	}
	if string(path(r.Target)) == c.e.cfg.ServerPath {
		return c.answer(200, "text/plain", okBody)
	}
	code, body := c.e.cfg.Status()
	return c.answer(code, "application/json", body)
}

var okBody = []byte("ok")

func (c *conn) answer(status int, mediaType string, body []byte) bool {
	c.closing = c.closing || c.e.stopping.Load()
	b := http1.AppendStatusLine(c.out, status)
	b = c.e.clock.appendDate(b, c.begun)
	b = http1.AppendField(b, "Content-Type", mediaType)
	b = http1.AppendContentLength(b, int64(len(body)))
	if status != 200 {
		b = append(b, "Cache-Control: no-store\r\n"...)
	}
	b = c.appendConnection(b)
	b = append(b, "\r\n"...)
	if !c.reply.head {
		b = append(b, body...)
		c.log.Length = int64(len(body))
	}
	c.out = b
	c.log.Status, c.log.Type = status, mediaType
	return c.done(time.Now())
}

// done ends a response whose last bytes are in out: it is sent now or, when
// the next request is here already, together with its response.
func (c *conn) done(now time.Time) bool {
	sent := true
	if c.r == c.w || c.closing || len(c.out) > copyBuffer {
		sent = c.flush() == nil
	}
	if c.e.cfg.Access != nil {
		end := time.Now()
		c.log.Total = end.Sub(c.begun)
		c.e.cfg.Access.Write(&c.log)
		now = end
	}
	c.enter(phaseIdle, now)
	return sent && !c.closing
}
