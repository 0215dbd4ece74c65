package entry

import (
	"bytes"
	"strings"

	"github.com/rip-server/rip-server/internal/http1"
)

// isBuiltIn tells whether the request is for the entry itself.
func (c *conn) isBuiltIn() bool {
	cfg := &c.e.cfg
	return cfg.ServerPath != "" && string(c.path) == cfg.ServerPath ||
		cfg.StatusPath != "" && string(c.path) == cfg.StatusPath
}

// answerBuiltIn answers the paths of the entry itself.
func (c *conn) answerBuiltIn() {
	switch {
	case string(c.method) != "GET" && !c.answer.head:
		c.refuse(&refusedMethod)
	case string(c.path) == c.e.cfg.ServerPath:
		c.answerAlone(200, "text/plain", "ok")
	default:
		code, body := c.e.cfg.Status()
		c.answerAlone(code, "application/json", view(body))
	}
}

// before lets whoever wants hold the request up, or answer it with a page.
func (c *conn) before() (page []byte) {
	if c.e.cfg.Before == nil {
		return nil
	}
	_ = c.flush() // answers to requests before; that the client is gone is noticed later
	c.enter(phaseWait)
	return c.e.cfg.Before(asksForPage(&c.request))
}

// asksForPage tells whether a person at a browser waits for a page.
func asksForPage(r *http1.Request) bool {
	if string(r.Method) != "GET" {
		return false
	}
	for i := range r.Fields {
		f := &r.Fields[i]
		if f.ID == http1.FieldOther && http1.EqualFold(f.Name, "Accept") && bytes.Contains(f.Value, []byte("text/html")) {
			return true
		}
	}
	return false
}

func (c *conn) answerAlone(status int, contentType, body string) {
	c.closing()
	b := http1.AppendStatusLine(c.out, status)
	b = http1.AppendField(b, "Content-Type", contentType)
	b = http1.AppendContentLength(b, int64(len(body)))
	b = append(b, "Cache-Control: no-store\r\n"...)
	b = c.appendConnection(c.e.clock.appendDate(b))
	b = append(b, "\r\n"...)
	if !c.answer.head {
		b = append(b, body...)
		c.log.Length = int64(len(body))
	}
	c.out = b
	media, _, _ := strings.Cut(contentType, ";")
	c.log.Status, c.log.Type = status, media
	c.done()
}
