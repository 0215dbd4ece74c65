package entry

import (
	"bytes"
	"errors"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// await passes the parts of the reply on to the client as they come.
func (c *conn) await() {
	for {
		p := c.x.take()
		if p.empty() {
			<-c.wake
			if c.loss() != lossNone {
				c.fail(errLost)
				return
			}
			continue
		}
		if p.final {
			c.flying = false
			c.account()
		}
		err := c.pass(&p)
		if err == nil && p.final {
			err = c.conclude(p.err)
		}
		if err != nil {
			c.fail(err)
			return
		}
		if p.final {
			c.done()
			return
		}
	}
}

// pass passes one portion on.
func (c *conn) pass(p *portion) error {
	if p.err != nil && !c.answer.begun {
		return p.err // an honest error is better than half an answer
	}
	if p.file != nil {
		return c.passFile(p)
	}
	if p.memory == nil {
		return nil
	}
	body := headRoom + p.heads
	for from := headRoom; from < body; {
		r := &c.response
		r.Reset()
		n, err := r.Parse(p.memory[from:body], replyLimits)
		switch {
		case err != nil:
			return badReply(err.Error())
		case n == 0:
			return badReply("its head has no end")
		case r.Status == 101:
			return badReply("101 where no upgrade was asked for")
		case c.answer.begun, c.answer.file != "", r.Status >= 200 && from+n < body:
			return badReply("it has a second head")
		}
		from += n
		if r.Status < 200 {
			c.interim()
			continue
		}
		whole := int64(-1)
		if p.whole {
			whole = int64(len(p.memory) - body)
		}
		if err := c.answerWith(p.memory[from-n:from], whole); err != nil {
			return err
		}
	}
	if p.stray {
		return badReply("a head comes behind the body")
	}
	return c.passBody(p.memory, body, p.final && p.err == nil)
}

// answerWith begins the answer with a head, which response has parsed.
func (c *conn) answerWith(head []byte, whole int64) error {
	if file := c.response.Value(http1.FieldXSendfile); file != nil {
		// The answer is the file's when the worker has ended; until then the
		// memory of this head may be used again.
		c.answer.file, c.answer.fileHead = string(file), bytes.Clone(head)
		return nil
	}
	if whole < 0 {
		c.stream(true)
	}
	return c.beginAnswer(whole)
}

// stream counts replies that have begun and are not complete.
func (c *conn) stream(on bool) {
	if on == c.answer.streaming {
		return
	}
	c.answer.streaming = on
	if on {
		c.e.streaming.Add(1)
	} else {
		c.e.streaming.Add(-1)
	}
}

// passBody sends the body that is in memory from at on, and what is in out
// before it.
func (c *conn) passBody(memory []byte, at int, last bool) error {
	a := &c.answer
	n := int64(len(memory) - at)
	switch {
	case a.file != "":
		n = 0
	case !a.begun && n > 0:
		return badReply("a body comes before its head")
	case a.framing == unframed:
		n = 0
	case a.framing == framedByLength:
		n = min(n, a.left) // what is beyond the length would be the next response
		a.left -= n
	}
	memory = memory[:at+int(n)]
	c.log.Length += n
	if a.framing == framedByChunks && n > 0 {
		c.out = http1.AppendChunkHeader(c.out, int(n))
		memory = append(memory, "\r\n"...)
		if a.ended = last; last {
			memory = append(memory, http1.LastChunk...)
		}
	}
	body := memory[at:]
	if last && c.r < c.w && len(c.out)+len(body) <= batch {
		c.out = append(c.out, body...)
		return nil
	}
	if room := at - len(c.out); room >= 0 && len(body) > 0 {
		copy(memory[room:], c.out)
		c.out = c.out[:0]
		return c.send(memory[room:])
	}
	if err := c.flush(); err != nil || len(body) == 0 {
		return err
	}
	return c.send(body)
}

// passFile sends the part of the body that waited in a file.
func (c *conn) passFile(p *portion) error {
	a := &c.answer
	n := p.size
	if a.file != "" || a.framing == unframed {
		return nil
	}
	if a.framing == framedByLength {
		n = min(n, a.left)
		a.left -= n
	}
	if n == 0 {
		return nil
	}
	if a.framing == framedByChunks {
		c.out = http1.AppendChunkHeader(c.out, int(n))
	}
	if err := c.flush(); err != nil {
		return err
	}
	if err := c.sendFile(p.file, p.from, n); err != nil {
		return err
	}
	c.log.Length += n
	if a.framing == framedByChunks {
		c.out = append(c.out, "\r\n"...)
	}
	return nil
}

// conclude ends a reply that the worker has ended, with an error or without.
func (c *conn) conclude(err error) error {
	a := &c.answer
	switch {
	case err != nil:
		return err
	case a.file != "":
		return c.sendNamed()
	case !a.begun:
		return badReply("it has no head")
	case a.framing == framedByLength && a.left > 0:
		return badReply("it is shorter than its Content-Length")
	case a.framing == framedByChunks && !a.ended:
		c.out = append(c.out, http1.LastChunk...)
	}
	return nil
}

// fail ends a request whose reply failed: with an answer of the server's own
// or, when the worker's has begun, so that the client sees that it is not
// complete.
func (c *conn) fail(err error) {
	a := &c.answer
	switch {
	case c.loss() == lossCut && !a.begun:
		c.refuseReply(sharedsocket.ErrClosed)
	case c.loss() != lossNone, errors.Is(err, sharedsocket.ErrWithdrawn):
		c.abandon()
	case !a.begun:
		c.refuseReply(err)
	default:
		_ = c.flush()
		c.ending = breaks
		if a.framing == framedByClosing {
			c.ending = resets
		}
		c.log.Reason = err.Error()
		c.done()
	}
}

// abandon ends a request whose connection is lost.
func (c *conn) abandon() {
	c.ending = breaks
	c.out = c.out[:0]
	c.log.Reason = c.loss().String()
	switch {
	case c.step == stepBody:
		c.log.BytesIn = c.body.total
		c.log.Reason += " in the middle of the body"
	case c.answer.begun:
		c.log.Reason += " in the middle of the response"
	}
	if c.log.Status == 0 {
		c.log.Status = 499
	}
	c.done()
}
