package entry

import (
	"errors"
	"fmt"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/wire"
)

// errReply is a reply that cannot be made a well-framed message.
var errReply = errors.New("the worker's reply is malformed")

func badReply(why string) error { return fmt.Errorf("%w: %s", errReply, why) }

// replyLimits bound the head of a worker's reply; a record bounds it too.
var replyLimits = http1.Limits{Head: wire.MaxRecord, Fields: 1000}

// answer is how far the response to the request is.
type answer struct {
	head      bool // the request's method was HEAD
	minor     int  // minor version of the client
	keepAlive bool // it is HTTP/1.0 and wants to be told that the connection is kept

	begun     bool // the head is out, or in out
	framing   framing
	left      int64  // framedByLength: bytes to come
	ended     bool   // framedByChunks: the last chunk is out, or in out
	file      string // to be sent in place of the worker's body
	fileHead  []byte // the worker's head that named it
	streaming bool   // counted in Entry.streaming
}

// framing is how the client knows where the body ends (RFC 9112 section 6.3).
type framing uint8

const (
	unframed        framing = iota // there is no body
	framedByLength                 // Content-Length
	framedByChunks                 // Transfer-Encoding
	framedByClosing                // the end of the connection, for HTTP/1.0
)

// frame decides how the body is framed, whatever the worker says of it. whole
// is the length of the body if it came with the head in a single part, else -1.
func (c *conn) frame(whole int64) error {
	r, a := &c.response, &c.answer
	promised := r.ContentLength
	switch {
	case a.head || !http1.BodyAllowed(nil, r.Status):
		a.framing = unframed
	case promised >= 0:
		if whole >= 0 && whole < promised {
			return badReply("it is shorter than its Content-Length")
		}
		a.framing, a.left = framedByLength, promised
	case whole >= 0:
		a.framing, a.left = framedByLength, whole
	case a.minor == 1:
		a.framing = framedByChunks
	default:
		a.framing = framedByClosing
		c.ending = closes
	}
	return nil
}

// beginAnswer appends the head of the response, made anew from the worker's.
func (c *conn) beginAnswer(whole int64) error {
	a, r := &c.answer, &c.response
	if err := c.frame(whole); err != nil {
		return err
	}
	c.closing()
	b := c.appendFields(http1.AppendStatusLine(c.out, r.Status))
	switch {
	case a.framing == framedByLength:
		b = http1.AppendContentLength(b, a.left)
	case a.framing == framedByChunks:
		b = append(b, "Transfer-Encoding: chunked\r\n"...)
	case a.framing == unframed && r.ContentLength >= 0 && r.Status != 204:
		b = http1.AppendContentLength(b, r.ContentLength) // of what GET would have had
	}
	c.out = append(c.appendConnection(b), "\r\n"...)
	c.log.Status = r.Status
	a.begun = true
	return nil
}

// appendFields appends the fields of the worker that are for the client.
func (c *conn) appendFields(b []byte) []byte {
	dated := false
	for i := range c.response.Fields {
		f := &c.response.Fields[i]
		if f.Hop {
			continue
		}
		switch f.ID {
		case http1.FieldContentLength, http1.FieldXSendfile, http1.FieldRipRequest, http1.FieldRipStats:
			continue
		case http1.FieldDate:
			if dated {
				continue
			}
			dated = true
		case http1.FieldContentType:
			c.media = append(c.media[:0], mediaType(f.Value)...)
			c.log.Type = view(c.media)
		}
		b = http1.AppendField(b, f.Name, f.Value)
	}
	if !dated {
		b = c.e.clock.appendDate(b)
	}
	return b
}

// appendConnection appends what becomes of the connection after the response.
func (c *conn) appendConnection(b []byte) []byte {
	switch {
	case c.ending != stays:
		return append(b, "Connection: close\r\n"...)
	case c.answer.keepAlive:
		return append(b, "Connection: keep-alive\r\n"...)
	}
	return b
}

// mediaType cuts the parameters off a Content-Type.
func mediaType(v []byte) []byte {
	for i, ch := range v {
		if ch == ';' || ch == ' ' || ch == '\t' {
			return v[:i]
		}
	}
	return v
}

// interim passes a 1xx response on (RFC 9110 section 15.2), such as 103 Early
// Hints. The entry has answered Expect itself, and HTTP/1.0 knows none.
func (c *conn) interim() {
	if c.response.Status == 100 || c.answer.minor == 0 {
		return
	}
	b := http1.AppendStatusLine(c.out, c.response.Status)
	for i := range c.response.Fields {
		f := &c.response.Fields[i]
		switch f.ID {
		case http1.FieldContentLength, http1.FieldXSendfile, http1.FieldRipRequest, http1.FieldRipStats:
			continue
		}
		if !f.Hop {
			b = http1.AppendField(b, f.Name, f.Value)
		}
	}
	c.out = append(b, "\r\n"...)
}
