package entry

import (
	"bytes"
	"strconv"
	"time"

	"github.com/rip-server/rip-server/internal/accesslog"
	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/wire"
)

// begin deals with a request whose head is complete, n bytes from c.r on: it
// is answered, or goes on to a worker at once or when its body has arrived.
func (c *conn) begin(n int) {
	c.begun = time.Now()
	c.served++
	c.e.requests.Add(1)
	r := &c.request
	c.method, c.path = r.Method, path(r.Target)
	c.log = accesslog.Record{Time: c.begun, Client: c.peer.address}
	c.answer = answer{head: string(r.Method) == "HEAD", minor: r.Minor, keepAlive: r.KeepAlive}
	if c.x == nil {
		c.x = exchanges.Get().(*exchange)
	}
	switch {
	case r.Upgrade:
		c.ending = lingers
		c.refuse(&refusedUpgrade)
		return
	case c.isBuiltIn():
		c.skip(n)
		c.answerBuiltIn()
		return
	case c.e.mounts != nil && c.static(n):
		return
	}
	if page := c.before(); page != nil {
		c.skip(n)
		c.answerAlone(500, "text/html; charset=utf-8", view(page))
		return
	}
	c.x.ready(c)
	c.writeRequest()
	c.r += n
	c.body.total = 0
	if !r.Chunked && r.ContentLength <= 0 {
		c.completeHead()
		c.dispatch()
		return
	}
	if err := c.expectBody(); err != nil {
		c.refuseBody(err)
	}
}

// skip is done with a head of n bytes that is answered without its body, which
// nobody reads.
func (c *conn) skip(n int) {
	if c.request.Chunked || c.request.ContentLength > 0 {
		c.ending = lingers
	}
	c.r += n
}

// beginRefused begins a request whose head is refused. What is known of it is
// for the log; nothing more is read as a request.
func (c *conn) beginRefused() {
	r := &c.request
	_, _ = r.Parse(c.in[c.r:c.w], c.e.cfg.Head) // the bytes may have moved
	c.ending = lingers
	c.begun = time.Now()
	c.served++
	c.e.requests.Add(1)
	c.method, c.path = r.Method, path(r.Target)
	c.log = accesslog.Record{Time: c.begun, Client: c.peer.address}
	c.answer = answer{minor: 1}
}

// path cuts the query off a target.
func path(target []byte) []byte {
	if i := bytes.IndexByte(target, '?'); i >= 0 {
		return target[:i]
	}
	return target
}

// writeRequest writes the request anew for the worker, up to its
// Content-Length: what comes from the client is what was understood, and
// nothing that is meant for this connection or that an app would take for the
// server's word.
func (c *conn) writeRequest() {
	r, x := &c.request, c.x
	b := http1.AppendRequestLine(x.base[:wire.RequestPrefix], r.Method, r.Target)
	host := r.Host
	if len(host) == 0 { // an HTTP/1.0 client need not say (RFC 9112 section 3.3)
		host = []byte(c.nc.LocalAddr().String())
	}
	b = http1.AppendField(b, "Host", host)
	id := x.id[:0]
	for i := range r.Fields {
		f := &r.Fields[i]
		if f.Hop || f.Underscore {
			continue
		}
		switch f.ID {
		case http1.FieldOther:
			if reserved(f.Name) {
				continue
			}
		case http1.FieldHost, http1.FieldContentLength, http1.FieldExpect, http1.FieldProxy,
			http1.FieldRipRequest, http1.FieldRipStats, http1.FieldXSendfile,
			http1.FieldXForwardedFor, http1.FieldXForwardedHost, http1.FieldXForwardedProto, http1.FieldXRequestStart:
			continue
		case http1.FieldForwarded, http1.FieldXForwardedPort, http1.FieldXRealIP:
			if !c.peer.trusted {
				continue
			}
		case http1.FieldXRequestID:
			if c.peer.trusted && acceptable(f.Value) {
				id = append(x.id[:0], f.Value...)
			}
			continue
		}
		b = http1.AppendField(b, f.Name, f.Value)
	}
	b = c.appendForwarded(b, host)
	if len(id) == 0 {
		id = c.e.ids.append(id)
	}
	x.Label = view(id)
	c.log.ID = x.Label
	b = http1.AppendField(b, "X-Request-Id", id)
	b = append(b, "X-Request-Start: t="...)
	ms := c.begun.UnixMilli()
	b = strconv.AppendInt(b, ms/1000, 10)
	b = append(b, '.', byte('0'+ms/100%10), byte('0'+ms/10%10), byte('0'+ms%10), '\r', '\n')
	x.base = b
	c.locate(b)
}

// locate finds method and path in a record. The memory that they were in is
// read into again.
func (c *conn) locate(record []byte) {
	method, path := len(c.method), len(c.path)
	line := record[wire.RequestPrefix:]
	c.method, c.path = line[:method], line[method+1:method+1+path]
}

// reserved tells whether a field without an ID is one that only the server
// sets: Rip-Anything, X-Forwarded-Anything.
func reserved(name []byte) bool {
	switch name[0] | 0x20 {
	case 'r':
		return hasPrefix(name, "Rip-")
	case 'x':
		return hasPrefix(name, "X-Forwarded-")
	}
	return false
}

func hasPrefix(name []byte, prefix string) bool {
	return len(name) >= len(prefix) && http1.EqualFold(name[:len(prefix)], prefix)
}

// completeHead ends the record of a request without body.
func (c *conn) completeHead() {
	x := c.x
	if c.request.ContentLength == 0 {
		x.base = http1.AppendContentLength(x.base, 0)
	}
	x.base = append(x.base, "\r\n"...)
	x.Record, x.Head = x.base, len(x.base)-wire.RequestPrefix
}

// dispatch gives a complete request to the workers and passes the reply on.
func (c *conn) dispatch() {
	x := c.x
	c.locate(x.Record)
	c.log.BytesIn = c.body.total
	if len(x.Record) > wire.MaxRecord {
		c.refuse(&refusedHeadSize)
		return
	}
	c.enter(phaseWait)
	if err := c.e.submit(&x.Exchange); err != nil {
		c.fail(err)
		return
	}
	c.flying = true
	if c.flush() != nil || c.loss() != lossNone { // answers to requests before
		c.fail(errLost)
		return
	}
	c.await()
}
