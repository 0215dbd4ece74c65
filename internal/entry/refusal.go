package entry

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// refusal is an answer of the server's own, told apart from the app's by its
// Proxy-Status field (RFC 9209).
type refusal struct {
	status int
	kind   string // proxy error type, RFC 9209 section 2.3
	text   string // one sentence for people, lower case, without full stop; it can stand in a quoted string
	fields string // further field lines
	detail string // more text, in a paragraph of its own, "" = none
}

func (r *refusal) Error() string { return r.text }

const retryAfter = "Retry-After: 1\r\n"

var (
	refusedUpgrade = refusal{501, "http_upgrade_failed",
		"this server speaks HTTP/1.0 and HTTP/1.1 here, an upgrade to another protocol is not supported", "", ""}
	refusedMethod   = refusal{405, "http_request_error", "only GET and HEAD are answered here", "Allow: GET, HEAD\r\n", ""}
	refusedPath     = refusal{404, "http_request_error", "there is no such file", "", ""}
	refusedFile     = refusal{503, "proxy_internal_error", "the file cannot be read at the moment", retryAfter, ""}
	refusedHeadTime = refusal{408, "http_request_error", "the head of the request did not arrive in time", "", ""}
	refusedHeadSize = refusal{431, "http_request_error", "the head of the request is too large for a worker", "", ""}
	refusedBodyTime = refusal{408, "http_request_error", "the body of the request did not arrive in time", "", ""}
	refusedBodySize = refusal{413, "http_request_error", "the body of the request is too large", "", ""}
	refusedBodyRoom = refusal{507, "proxy_internal_error", "there is no room for the body of the request", "", ""}
	refusedStopping = refusal{503, "destination_unavailable", "the server is stopping", retryAfter, ""}
	refusedBodyFile = refusal{503, "proxy_internal_error", "the body of the request cannot be stored", retryAfter, ""}
)

// replyRefusals say what a client is told of a reply that failed. What else
// the error says is for the log.
var replyRefusals = []struct {
	err error
	refusal
}{
	{sharedsocket.ErrFull, refusal{503, "connection_limit_reached", "too many requests are waiting", retryAfter, ""}},
	{sharedsocket.ErrQueueTimeout, refusal{503, "connection_timeout", "no worker took the request in time", retryAfter, ""}},
	{sharedsocket.ErrNoWorkers, refusal{503, "destination_unavailable", "no worker can start, the log of the server says why", retryAfter, ""}},
	{sharedsocket.ErrClosed, refusal{503, "destination_unavailable", "the server is stopping", retryAfter, ""}},
	{sharedsocket.ErrTimeout, refusal{504, "http_response_timeout", "the worker took too long", "", ""}},
	{sharedsocket.ErrDied, refusal{502, "connection_terminated", "the worker died while it ran the request", "", ""}},
	{sharedsocket.ErrCut, refusal{502, "connection_terminated", "the program closed the connection without an answer", "", ""}},
	{sharedsocket.ErrBroken, refusal{502, "http_response_incomplete", "the app failed in the middle of the reply", "", ""}},
	{sharedsocket.ErrBadReply, refusal{502, "http_protocol_error", "the worker answered nonsense", "", ""}},
	{errReply, refusal{502, "http_protocol_error", "the worker's reply is malformed", "", ""}},
	{syscall.EMFILE, refusal{503, "proxy_internal_error", "the server has no descriptor left", retryAfter, ""}},
	{errSendfile, refusal{502, "proxy_internal_error", "the file that the app answered with cannot be sent", "", ""}},
}

var refusedReply = refusal{502, "proxy_internal_error", "the reply cannot be passed on", "", ""}

// refuseReply answers a request whose reply failed before the client was sent
// any of it.
func (c *conn) refuseReply(err error) {
	c.log.Type = ""
	c.log.Reason = err.Error()
	told := replyRefusal(err)
	if c.e.cfg.Explain && errors.Is(err, sharedsocket.ErrNoWorkers) {
		more := *told
		more.detail = err.Error()
		told = &more
	}
	c.refuse(told)
}

func replyRefusal(err error) *refusal {
	if e, ok := errors.AsType[*sharedsocket.QuarantineError](err); ok {
		return &refusal{503, "http_request_denied", e.Error(), fmt.Sprintf("Retry-After: %d\r\n", e.Seconds()), ""}
	}
	for i := range replyRefusals {
		if errors.Is(err, replyRefusals[i].err) {
			return &replyRefusals[i].refusal
		}
	}
	return &refusedReply
}

// refuseHead answers a head that is none. Where the next request would begin
// is not known, so nothing more is read.
func (c *conn) refuseHead(err error) {
	c.beginRefused()
	c.refuse(asRefusal(err))
}

// refuseBody answers a request whose body is refused or did not arrive. The
// rest of it may still come, so nothing more is read as a request.
func (c *conn) refuseBody(err error) {
	c.ending = lingers
	c.log.BytesIn = c.body.total
	var told *refusal
	switch {
	case errors.Is(err, errLost):
		c.abandon()
		return
	case noRoom(err):
		told = &refusedBodyRoom
	default:
		told = asRefusal(err)
	}
	if told == &refusedBodyRoom || told == &refusedBodyFile {
		c.e.cfg.Log.Error("cannot keep the body of a request", "error", err)
		c.log.Reason = err.Error()
	}
	c.refuse(told)
}

// asRefusal returns what a client is told of an error in its request.
func asRefusal(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	if e, ok := errors.AsType[*http1.Error](err); ok {
		return &refusal{e.Status, "http_request_error", e.Reason, "", ""}
	}
	return &refusedBodyFile
}

// refuse answers the request.
func (c *conn) refuse(r *refusal) {
	c.closing()
	if c.log.Reason == "" {
		c.log.Reason = r.text
	}
	id := c.log.ID
	length := len(r.text) + len(".\n")
	if id != "" {
		length += len(" Request ") + len(id) + len(".")
	}
	if r.detail != "" {
		length += len(r.detail) + len("\n\n")
	}
	b := http1.AppendStatusLine(c.out, r.status)
	b = append(b, "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nProxy-Status: rip-server; error="...)
	b = append(append(b, r.kind...), "; details=\""...)
	b = append(append(b, r.text...), "\"\r\n"...)
	b = append(b, r.fields...)
	b = http1.AppendContentLength(b, int64(length))
	if id != "" {
		b = http1.AppendField(b, "X-Request-Id", id)
	}
	b = append(c.appendConnection(c.e.clock.appendDate(b)), "\r\n"...)
	if !c.answer.head {
		start := len(b)
		b = append(b, r.text...)
		b[start] &^= 0x20 // the first letter
		b = append(b, '.')
		if id != "" {
			b = append(append(append(b, " Request "...), id...), '.')
		}
		b = append(b, '\n')
		if r.detail != "" {
			b = append(append(append(b, '\n'), r.detail...), '\n')
		}
		c.log.Length = int64(length)
	}
	c.out = b
	c.log.Status, c.log.Type = r.status, "text/plain"
	c.done()
}
