package entry

import (
	"errors"
	"io"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/wire"
)

// copyBuffer is the size of the pieces in which large bodies are moved.
const copyBuffer = 64 << 10

var copyBuffers = sync.Pool{New: func() any { b := make([]byte, copyBuffer); return &b }}

// errDiskFull is that a body does not fit on the disk.
var errDiskFull = errors.New("no space left for the body")

const continue100 = "HTTP/1.1 100 Continue\r\n\r\n"

// readBody reads the whole body of the request, so that a slow client holds no
// worker, and ends the head of the record with its exact length: in the record
// when it is small, else in a spool file.
func (c *conn) readBody(x *exchange) error {
	length := c.req.ContentLength
	if length > c.e.cfg.MaxBody {
		return &http1.Error{Status: 413, Reason: "the body is too large"}
	}
	if c.req.Expect100 && c.r == c.w {
		c.out = append(c.out, continue100...)
		if err := c.flush(); err != nil {
			return err
		}
	}
	c.enter(phaseBody, time.Now())
	if c.req.Chunked {
		return c.readChunked(x)
	}
	x.Record = append(x.Record, "\r\n"...)
	x.Head = len(x.Record) - wire.RequestPrefix
	c.log.BytesIn = length
	if length <= wire.MaxInlineBody && len(x.Record)+int(length) <= wire.MaxRecord {
		head := len(x.Record)
		x.Record = slices.Grow(x.Record, int(length))[:head+int(length)]
		return c.readFull(x.Record[head:])
	}
	if err := c.spoolBody(x); err != nil {
		return err
	}
	buf := copyBuffers.Get().(*[]byte)
	defer copyBuffers.Put(buf)
	for left := length; left > 0; {
		piece := (*buf)[:min(left, copyBuffer)]
		if err := c.readFull(piece); err != nil {
			return err
		}
		if err := x.addToSpool(piece); err != nil {
			return err
		}
		left -= int64(len(piece))
	}
	return x.nameSpool()
}

// readFull fills b: with what was read already, then from the connection.
func (c *conn) readFull(b []byte) error {
	n := copy(b, c.in[c.r:c.w])
	c.r += n
	for n < len(b) {
		m, err := c.nc.Read(b[n:])
		n += m
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return errExpired
		case err != nil:
			return errGone
		}
		c.progress()
	}
	return nil
}

// readChunked reads a chunked body. Only at its end is the length known that
// comes before it in the record.
func (c *conn) readChunked(x *exchange) error {
	small := copyBuffers.Get().(*[]byte)
	defer copyBuffers.Put(small)
	c.chunks.Reset()
	held, total := 0, int64(0)
	for {
		if c.r < c.w {
			n, used, done, err := c.chunks.Decode((*small)[held:], c.in[c.r:c.w])
			c.r += used
			if err != nil {
				return err
			}
			held += n
			total += int64(n)
			if total > c.e.cfg.MaxBody {
				return &http1.Error{Status: 413, Reason: "the body is too large"}
			}
			if done {
				break
			}
			if held == len(*small) {
				if err := c.spillChunks(x, (*small)[:held]); err != nil {
					return err
				}
				held = 0
				continue
			}
		}
		if err := c.fill(); err != nil {
			if !errors.Is(err, errExpired) {
				err = errGone
			}
			return err
		}
		c.progress()
	}
	c.log.BytesIn = total
	x.Record = append(http1.AppendContentLength(x.Record, total), "\r\n"...)
	x.Head = len(x.Record) - wire.RequestPrefix
	if x.body == nil && len(x.Record)+held <= wire.MaxRecord {
		x.Record = append(x.Record, (*small)[:held]...)
		return nil
	}
	if err := c.spillChunks(x, (*small)[:held]); err != nil {
		return err
	}
	return x.nameSpool()
}

func (c *conn) spillChunks(x *exchange, b []byte) error {
	if x.body == nil {
		if err := c.spoolBody(x); err != nil {
			return err
		}
	}
	return x.addToSpool(b)
}

func (c *conn) spoolBody(x *exchange) (err error) {
	x.body, err = c.e.spool.create()
	if err != nil {
		return spoolError(err)
	}
	return nil
}

func (x *exchange) addToSpool(b []byte) error {
	if _, err := x.body.Write(b); err != nil {
		return spoolError(err)
	}
	return nil
}

// nameSpool puts the path of the spool file behind the head.
func (x *exchange) nameSpool() error {
	x.BodyFile = true
	x.Record = append(x.Record, x.body.path()...)
	return nil
}

func spoolError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, io.ErrShortWrite) {
		return errDiskFull
	}
	return err
}
