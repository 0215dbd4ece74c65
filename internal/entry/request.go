package entry

import (
	"bytes"
	"errors"
	"strconv"
	"time"
	"unsafe"

	"github.com/rip-server/rip-server/internal/accesslog"
	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/wire"
)

// view returns b as a string that shares its memory, for what only looks at it
// before b changes.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// request serves one request. It returns false when there is no further one.
func (c *conn) request() bool {
	n, ok := c.readHead()
	if !ok {
		return false
	}
	c.begun = time.Now()
	c.served++
	c.e.requests.Add(1)
	r := &c.req
	c.log = accesslog.Record{Time: c.begun, Client: c.client, Method: view(r.Method), Path: view(path(r.Target))}
	hasBody := r.Chunked || r.ContentLength > 0
	c.reply = reply{head: string(r.Method) == "HEAD", minor: r.Minor, keep10: r.KeepAlive, hasBody: hasBody, left: -1}
	c.closing = r.Close || c.e.cfg.MaxRequests > 0 && c.served >= c.e.cfg.MaxRequests
	switch {
	case r.Upgrade:
		c.closing = true
		return c.refuse(501, "This server speaks HTTP/1.1 here and no other protocol: Upgrade is not supported", "http_upgrade_failed")
	case c.builtIn(r):
		c.closing = c.closing || hasBody
		c.r += n
		return c.answerBuiltIn(r)
	}
	if before := c.e.cfg.Before; before != nil {
		c.enter(phaseWait, c.begun)
		if page := before(asksForPage(r)); page != nil {
			c.closing = c.closing || hasBody
			c.r += n
			return c.answer(500, "text/html; charset=utf-8", page)
		}
	}
	if c.x == nil {
		c.x = c.e.newExchange(c.notify)
	} else {
		c.x.recycle()
		c.x.notify = c.notify
	}
	x := c.x
	idStart, idEnd := c.writeHead(x)
	c.r += n
	submitted := c.begun
	if hasBody {
		if err := c.readBody(x); err != nil {
			return c.refuseBody(err)
		}
		submitted = time.Now()
	} else {
		x.Record = append(x.Record, "\r\n"...)
		x.Head = len(x.Record) - wire.RequestPrefix
	}
	if len(x.Record) > wire.MaxRecord {
		return c.refuse(431, "The head of the request is too large for a worker", "http_request_error")
	}
	// From here on the buffer that was read into may be used for what follows.
	line := x.Record[wire.RequestPrefix:]
	c.log.Method = view(line[:len(c.log.Method)])
	c.log.Path = view(line[len(c.log.Method)+1:][:len(c.log.Path)])
	c.log.ID = view(x.Record[idStart:idEnd])
	x.Label = c.log.ID
	if err := c.flush(); err != nil {
		return false
	}
	c.enter(phaseWait, submitted)
	if err := c.e.cfg.Socket.Submit(&x.Exchange); err != nil {
		return c.refuseReply(err)
	}
	return c.await()
}

func path(target []byte) []byte {
	if i := bytes.IndexByte(target, '?'); i >= 0 {
		return target[:i]
	}
	return target
}

// readHead waits for a whole head and returns its length; it begins at c.r.
func (c *conn) readHead() (n int, ok bool) {
	c.req.Reset()
	for {
		if c.r < c.w {
			var err error
			if n, err = c.req.Parse(c.in[c.r:c.w], c.e.cfg.Head); err != nil {
				c.refuseHead(err)
				return 0, false
			}
			if n > 0 {
				return n, true
			}
			if c.phase.Load() != phaseHead {
				c.enter(phaseHead, time.Now())
			}
		}
		if c.flush() != nil {
			return 0, false
		}
		switch err := c.fill(); {
		case err == nil:
		case errors.Is(err, errExpired) && c.r < c.w && !c.cutIt.Load():
			c.refuseHead(&http1.Error{Status: 408, Reason: "the head of the request did not arrive in time"})
			return 0, false
		case errors.Is(err, errExpired):
			c.closing = true
			return 0, false
		default:
			c.gone.Store(true)
			return 0, false
		}
	}
}

// writeHead writes the request anew for the worker, up to the end of its
// fields: what comes from the client is what was understood, and nothing that
// is meant for this connection or that an app would take for the server's word.
// It returns where the request id is in the record.
func (c *conn) writeHead(x *exchange) (idStart, idEnd int) {
	r := &c.req
	b := http1.AppendRequestLine(x.Record[:wire.RequestPrefix], r.Method, r.Target)
	b = http1.AppendField(b, "Host", r.Host)
	var id []byte
	for i := range r.Fields {
		f := &r.Fields[i]
		if f.Hop || f.Underscore {
			continue
		}
		switch f.ID {
		case http1.FieldHost, http1.FieldContentLength, http1.FieldExpect, http1.FieldProxy,
			http1.FieldRipRequest, http1.FieldRipStats, http1.FieldXSendfile:
			continue
		case http1.FieldXForwardedFor, http1.FieldXForwardedHost, http1.FieldXForwardedProto,
			http1.FieldXForwardedPort, http1.FieldForwarded, http1.FieldXRealIP:
			continue // written below, from those who may say so
		case http1.FieldXRequestID:
			if c.proxy && acceptable(f.Value) {
				id = f.Value
			}
			continue
		case http1.FieldOther:
			if startTime(f.Name) {
				continue
			}
		}
		b = http1.AppendField(b, f.Name, f.Value)
	}
	b = c.appendForwarded(b)
	b = append(b, "X-Request-Id: "...)
	idStart = len(b)
	if id != nil {
		b = append(b, id...)
	} else {
		b = c.e.ids.append(b)
	}
	idEnd = len(b)
	b = append(b, "\r\nX-Request-Start: t="...)
	ms := c.begun.UnixMilli()
	b = strconv.AppendInt(b, ms/1000, 10)
	b = append(b, '.', byte('0'+ms/100%10), byte('0'+ms/10%10), byte('0'+ms%10), '\r', '\n')
	if r.ContentLength >= 0 {
		b = http1.AppendContentLength(b, r.ContentLength)
	}
	x.Record = b
	return idStart, idEnd
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

// startTime tells whether a field is X-Request-Start, which only the server sets.
func startTime(name []byte) bool {
	const start = "X-Request-Start"
	return len(name) == len(start) && name[0]|0x20 == 'x' && http1.EqualFold(name, start)
}

// requestLine returns the method and the path of a request line.
func requestLine(line []byte) (method, target string) {
	i := bytes.IndexByte(line, ' ')
	if i < 0 {
		return "", ""
	}
	rest := line[i+1:]
	if j := bytes.IndexByte(rest, ' '); j >= 0 {
		rest = rest[:j]
	}
	return view(line[:i]), view(path(rest))
}
