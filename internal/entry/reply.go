package entry

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// errReply is a reply that cannot be made a well-framed message.
var errReply = errors.New("the worker's reply is malformed")

// directWrite is from how many bytes on a piece of body is written by itself
// instead of being copied behind the head.
const directWrite = 16 << 10

// reply is how far the response to the current request is.
type reply struct {
	head   bool // the request's method was HEAD
	minor  int  // of the client
	keep10 bool // the client is HTTP/1.0 and wants the connection kept

	begun    bool  // the head is out, or in out
	bodiless bool  // whatever comes is no body
	chunked  bool  // the body is sent chunked
	left     int64 // bytes of body that the head promised, -1 = none promised
	untilEnd bool  // the body ends with the connection
	excess   bool  // the worker sent more than it promised
	hasBody  bool  // the request had one: the buffer its fields were in was used again
}

// await hands the reply over to the client as it comes.
func (c *conn) await() bool {
	x := c.x
	for {
		<-c.notify
		if c.gone.Load() {
			return c.abandon(499, "the client went away")
		}
		x.collect(&c.d)
		if len(c.d.parts) == 0 && !c.d.final && c.d.upto == c.d.from && len(c.d.tail) == 0 {
			continue
		}
		if c.d.final {
			c.account()
		}
		if c.reply.begun {
			c.enter(phaseWrite, time.Now())
		}
		if err := c.deliver(); err != nil {
			if c.reply.begun || c.gone.Load() {
				return c.breakOff(err)
			}
			if c.d.final {
				return c.refuseReply(err)
			}
			c.closing = true
			c.refuseReply(err)
			c.forget()
			return false
		}
		if c.d.final {
			return c.end()
		}
		if c.flush() != nil {
			return c.abandon(c.log.Status, "the client went away in the middle of the response")
		}
		x.relieve()
		c.enter(phaseWait, time.Now())
	}
}

// account takes what the access log says of the worker.
func (c *conn) account() {
	x := c.x
	c.log.Worker = x.Worker
	if x.Took == 0 {
		return
	}
	c.log.CPU = time.Duration(x.CPU)
	if x.Finished > x.Took {
		c.log.WorkerTime = time.Duration(x.Finished - x.Took)
	}
	if x.Took > x.Submitted {
		c.log.Queue = time.Duration(x.Took - x.Submitted)
	}
}

// deliver puts what was collected into out, or writes it where that is large.
func (c *conn) deliver() error {
	d := &c.d
	data := d.data
	more := d.upto - d.from + int64(len(d.tail))
	for i, p := range d.parts {
		if p.head > 0 {
			complete := int64(-1)
			if d.final && i == len(d.parts)-1 {
				complete = int64(p.body) + more
			}
			if err := c.begin(data[:p.head], complete); err != nil {
				return err
			}
		}
		if err := c.send(data[p.head : p.head+p.body]); err != nil {
			return err
		}
		data = data[p.head+p.body:]
	}
	if more > 0 {
		if err := c.sendOverflow(); err != nil {
			return err
		}
		return c.send(d.tail)
	}
	if d.final && !c.reply.begun {
		if d.err != nil {
			return d.err
		}
		return fmt.Errorf("%w: it has no head", errReply)
	}
	return nil
}

// begin writes the head of the response anew from the worker's. complete is the
// length of the whole body if that is here already, else -1.
func (c *conn) begin(head []byte, complete int64) error {
	if c.reply.begun {
		return fmt.Errorf("%w: it has a second head", errReply)
	}
	r := &c.resp
	r.Reset()
	n, err := r.Parse(head, http1.Limits{Head: 128 << 10, Fields: 1000})
	if err != nil {
		return fmt.Errorf("%w: %v", errReply, err)
	}
	if n != len(head) {
		return fmt.Errorf("%w: its head has no end", errReply)
	}
	if r.Status < 200 {
		return c.interim()
	}
	if complete >= 0 && c.d.err != nil {
		return c.d.err // nothing is out yet: an honest error is better than half a body
	}
	now := time.Now()
	c.enter(phaseWrite, now)
	c.log.Status = r.Status
	if file := r.Value(http1.FieldXSendfile); file != nil && complete >= 0 {
		return c.sendFile(string(file), now)
	}
	c.frame(complete)
	if complete >= 0 && r.ContentLength > complete && !c.reply.bodiless {
		return fmt.Errorf("%w: it is shorter than its Content-Length", errReply)
	}
	c.closing = c.closing || c.reply.untilEnd || c.e.stopping.Load()
	b := c.appendHead(now)
	switch {
	case c.reply.chunked:
		b = append(b, "Transfer-Encoding: chunked\r\n"...)
	case c.reply.left >= 0:
		b = http1.AppendContentLength(b, c.reply.left)
	case c.reply.bodiless && r.ContentLength >= 0 && r.Status != 204:
		b = http1.AppendContentLength(b, r.ContentLength)
	}
	c.out = append(b, "\r\n"...)
	c.reply.begun = true
	return nil
}

// frame decides how the body is framed, whatever the worker says of it.
func (c *conn) frame(complete int64) {
	r, p := &c.resp, &c.reply
	p.left = -1
	p.bodiless = p.head || !http1.BodyAllowed(nil, r.Status)
	switch {
	case p.bodiless:
	case r.ContentLength >= 0:
		p.left = r.ContentLength
	case complete >= 0:
		p.left = complete
	case p.minor == 1:
		p.chunked = true
	default:
		p.untilEnd = true
	}
}

// appendHead appends the status line and the worker's fields.
func (c *conn) appendHead(now time.Time) []byte {
	r := &c.resp
	b := c.appendStatus()
	dated := false
	for i := range r.Fields {
		f := &r.Fields[i]
		if f.Hop {
			continue
		}
		switch f.ID {
		case http1.FieldContentLength, http1.FieldRipStats, http1.FieldRipRequest, http1.FieldXSendfile:
			continue
		case http1.FieldDate:
			dated = true
		case http1.FieldContentType:
			c.log.Type = mediaType(f.Value)
		}
		b = http1.AppendField(b, f.Name, f.Value)
	}
	if !dated {
		b = c.e.clock.appendDate(b, now)
	}
	return c.appendConnection(b)
}

func (c *conn) appendStatus() []byte {
	b := append(c.out, "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(c.resp.Status), 10)
	b = append(b, ' ')
	b = append(b, c.resp.Reason...)
	return append(b, "\r\n"...)
}

// mediaType returns a Content-Type without parameters, sharing its memory: the
// delivery that it lies in is kept until the log line is written.
func mediaType(v []byte) string {
	for i, ch := range v {
		if ch == ';' || ch == ' ' {
			return view(v[:i])
		}
	}
	return view(v)
}

// interim passes a 1xx response on (RFC 9110 section 15.2), such as 103 Early
// Hints. The entry has answered Expect itself, and switches to no protocol.
func (c *conn) interim() error {
	if c.resp.Status == 101 {
		return fmt.Errorf("%w: 101 where no upgrade was asked for", errReply)
	}
	if c.resp.Status == 100 || c.reply.minor == 0 {
		return nil
	}
	b := c.appendStatus()
	for i := range c.resp.Fields {
		if f := &c.resp.Fields[i]; !f.Hop && f.ID != http1.FieldContentLength {
			b = http1.AppendField(b, f.Name, f.Value)
		}
	}
	c.out = append(b, "\r\n"...)
	return nil
}

// send sends a piece of body.
func (c *conn) send(b []byte) error {
	p := &c.reply
	if len(b) == 0 || p.bodiless {
		return nil
	}
	if !p.begun {
		return fmt.Errorf("%w: a body comes before its head", errReply)
	}
	if p.left >= 0 {
		if int64(len(b)) > p.left {
			b = b[:p.left]
			p.excess = true
		}
		p.left -= int64(len(b))
	}
	c.log.Length += int64(len(b))
	if p.chunked {
		c.out = http1.AppendChunkHeader(c.out, len(b))
	}
	if len(b) < directWrite {
		c.out = append(c.out, b...)
	} else {
		if err := c.flush(); err != nil {
			return err
		}
		if err := c.write(b); err != nil {
			return err
		}
	}
	if p.chunked {
		c.out = append(c.out, "\r\n"...)
	}
	return nil
}

// sendOverflow sends what waited in a file.
func (c *conn) sendOverflow() error {
	d := &c.d
	buf := copyBuffers.Get().(*[]byte)
	defer copyBuffers.Put(buf)
	for at := d.from; at < d.upto; {
		n, err := d.overflow.file.ReadAt((*buf)[:min(int64(len(*buf)), d.upto-at)], at)
		if n == 0 {
			return fmt.Errorf("read back a reply: %w", err)
		}
		if err := c.send((*buf)[:n]); err != nil {
			return err
		}
		at += int64(n)
	}
	return nil
}

// end ends a reply that is complete, as far as the worker is concerned.
func (c *conn) end() bool {
	p := &c.reply
	switch {
	case c.d.err != nil:
		return c.breakOff(c.d.err)
	case p.left > 0:
		return c.breakOff(fmt.Errorf("%w: it is shorter than its Content-Length", errReply))
	case p.chunked:
		c.out = append(c.out, http1.LastChunk...)
	}
	if p.excess {
		c.log.Reason = "the worker sent more than its Content-Length"
	}
	return c.done(time.Now())
}

// breakOff ends a response in the middle so that the client sees that it is
// not complete: without its last chunk, short of its length or, where only the
// end of the connection ends it, by a reset.
func (c *conn) breakOff(err error) bool {
	final := c.d.final
	if c.gone.Load() || errors.Is(err, sharedsocket.ErrWithdrawn) {
		return c.abandon(c.log.Status, "the client went away in the middle of the response")
	}
	_ = c.flush()
	if l, ok := c.nc.(interface{ SetLinger(int) error }); ok && c.reply.untilEnd {
		_ = l.SetLinger(0)
	}
	c.closing = true
	c.gone.Store(true) // nothing more can be said on this connection
	c.log.Reason = err.Error()
	c.done(time.Now())
	if !final {
		c.forget()
	}
	return false
}

// abandon ends a request whose client is gone.
func (c *conn) abandon(status int, reason string) bool {
	c.closing = true
	c.gone.Store(true)
	if status == 0 {
		status = 499
	}
	c.log.Status, c.log.Reason = status, reason
	c.out = c.out[:0]
	c.done(time.Now())
	c.forget()
	return false
}

// forget leaves the exchange to end by itself.
func (c *conn) forget() {
	x := c.x
	c.x = nil
	x.detach()
}
