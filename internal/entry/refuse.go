package entry

import (
	"errors"
	"os"
	"time"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// refuse answers with a status of the server's own, told apart from the app's
// by a Proxy-Status field (RFC 9209). kind is a proxy error type of that RFC.
func (c *conn) refuse(status int, sentence, kind string) bool {
	now := time.Now()
	c.enter(phaseWrite, now)
	c.closing = c.closing || c.e.stopping.Load()
	b := http1.AppendStatusLine(c.out, status)
	b = c.e.clock.appendDate(b, now)
	b = append(b, "Content-Type: text/plain; charset=utf-8\r\nProxy-Status: rip-server; error="...)
	b = append(b, kind...)
	b = append(b, "; details=\""...)
	b = append(b, sentence...)
	b = append(b, "\"\r\n"...)
	if status == 503 {
		b = append(b, "Retry-After: 1\r\n"...)
	}
	extra := 0
	if c.log.ID != "" {
		b = http1.AppendField(b, "X-Request-Id", c.log.ID)
		extra = len(" (request )") + len(c.log.ID)
	}
	b = c.appendConnection(b)
	b = http1.AppendContentLength(b, int64(len(sentence)+extra+1))
	b = append(b, "\r\n"...)
	if !c.reply.head {
		b = append(b, sentence...)
		if extra > 0 {
			b = append(append(append(b, " (request "...), c.log.ID...), ')')
		}
		b = append(b, '\n')
		c.log.Length = int64(len(sentence) + extra + 1)
	}
	c.out = b
	c.log.Status, c.log.Type, c.log.Reason = status, "text/plain", sentence
	return c.done(now)
}

// appendConnection appends what the connection will do after this response.
func (c *conn) appendConnection(b []byte) []byte {
	switch {
	case c.closing:
		return append(b, "Connection: close\r\n"...)
	case c.reply.keep10:
		return append(b, "Connection: keep-alive\r\n"...)
	}
	return b
}

// refuseHead answers a head that is none. Where the next request would begin
// is not known, so nothing more is read.
func (c *conn) refuseHead(err error) {
	c.closing = true
	c.begun = time.Now()
	c.e.requests.Add(1)
	c.log.Time, c.log.Client = c.begun, c.client
	c.log.Method, c.log.Path, c.log.ID = view(c.req.Method), view(path(c.req.Target)), ""
	c.log.Length, c.log.BytesIn, c.log.Worker, c.log.WorkerTime, c.log.Queue, c.log.CPU = 0, 0, 0, 0, 0, 0
	c.reply = reply{minor: 1}
	c.refuseError(err)
}

// refuseError answers what http1 refused.
func (c *conn) refuseError(err error) bool {
	status, reason := 400, "malformed request"
	if e, ok := errors.AsType[*http1.Error](err); ok {
		status, reason = e.Status, e.Reason
	}
	return c.refuse(status, sentence(reason), "http_request_error")
}

// refuseBody answers a request whose body did not arrive. The rest of it may
// still come, so nothing more is read as a request.
func (c *conn) refuseBody(err error) bool {
	c.closing = true
	c.log.Method, c.log.Path = "", "" // the buffer they were in was used for the body
	if line := c.x.Record[min(len(c.x.Record), 24):]; len(line) > 0 {
		c.log.Method, c.log.Path = requestLine(line)
	}
	switch {
	case errors.Is(err, errExpired) && !c.cutIt.Load():
		return c.refuse(408, "The body did not arrive in time", "http_request_error")
	case errors.Is(err, errDiskFull):
		return c.refuse(507, "There is no room on the disk for the body", "proxy_internal_error")
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, errGone), errors.Is(err, errExpired):
		c.gone.Store(true)
		c.log.Status, c.log.Reason = 499, "the client went away in the middle of the body"
		c.done(time.Now())
		return false
	}
	if _, ok := errors.AsType[*http1.Error](err); ok {
		return c.refuseError(err)
	}
	if c.gone.Load() {
		return false
	}
	c.e.cfg.Log.Error("cannot keep the body of a request", "error", err)
	return c.refuse(503, "The body cannot be stored at the moment", "proxy_internal_error")
}

// refuseReply answers a request that got no reply.
func (c *conn) refuseReply(err error) bool {
	status, kind := 502, "connection_terminated"
	switch {
	case errors.Is(err, sharedsocket.ErrFull):
		status, kind = 503, "connection_limit_reached"
	case errors.Is(err, sharedsocket.ErrQueueTimeout):
		status, kind = 503, "connection_timeout"
	case errors.Is(err, sharedsocket.ErrNoWorkers):
		status, kind = 503, "destination_unavailable"
	case errors.Is(err, sharedsocket.ErrClosed):
		status, kind = 503, "destination_unavailable"
		c.closing = true
	case errors.Is(err, sharedsocket.ErrTimeout):
		status, kind = 504, "http_response_timeout"
	case errors.Is(err, sharedsocket.ErrBadReply), errors.Is(err, errReply):
		kind = "http_protocol_error"
	case errors.Is(err, sharedsocket.ErrBroken):
		kind = "http_response_incomplete"
	}
	return c.refuse(status, sentence(err.Error()), kind)
}

// sentence makes a sentence of an error that can stand in a quoted string.
func sentence(reason string) string {
	b := []byte(reason)
	for i, ch := range b {
		if ch < ' ' || ch >= 0x7f || ch == '"' || ch == '\\' {
			b[i] = '\''
		}
	}
	if len(b) > 0 && b[0] >= 'a' && b[0] <= 'z' {
		b[0] -= 'a' - 'A'
	}
	return string(b[:min(len(b), 300)])
}
