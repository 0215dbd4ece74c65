package sharedsocket

import (
	"errors"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/nowait"
	"github.com/rip-server/rip-server/internal/wire"
)

// peerClosed tells whether a write failed because the worker reads no more; it
// may have answered before it did so.
func peerClosed(err error) bool {
	return errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ECONNRESET)
}

// compose writes the request with the field that names its slot, attempt and
// id to out.
func (c *carrier) compose() {
	end := wire.RequestPrefix + c.d.head
	head, rest := c.d.record[wire.RequestPrefix:end-2], c.d.record[end:]
	b := append(c.plain[:0], head...)
	b = append(b, wire.HeaderRequest+": "...)
	b = strconv.AppendUint(b, c.d.id%wire.Slots, 10)
	b = append(b, ' ')
	b = strconv.AppendUint(b, uint64(c.d.attempt), 10)
	b = append(b, ' ')
	b = strconv.AppendUint(b, c.d.id, 10)
	b = append(b, "\r\n\r\n"...)
	if !c.d.file {
		b = append(b, rest...)
	}
	c.plain, c.out = b[:0], b
}

// send sends what of the request was not sent.
func (c *carrier) send() error {
	if c.s.adopted() {
		return c.sendPlain()
	}
	if c.out == nil {
		c.compose()
	}
	if err := c.write(c.out); err != nil || !c.d.file {
		return err
	}
	return c.sendBody()
}

// bodyPiece is how much of a file is given to sendfile(2) at once.
const bodyPiece = 1 << 20

// sendBody sends the body in the file.
func (c *carrier) sendBody() error {
	var failure error
	err := c.raw.Write(func(fd uintptr) bool {
		for {
			n, err := unix.Sendfile(int(fd), int(c.body.Fd()), nil, bodyPiece)
			switch {
			case err == unix.EINTR || err == nil && n > 0:
			case err == unix.EAGAIN:
				return false
			default:
				failure = err
				return true
			}
		}
	})
	return errors.Join(err, failure)
}

// write writes all of b, mostly at once.
func (c *carrier) write(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	n, _ := nowait.Send(c.fd, b) // what is wrong shows again
	if n == len(b) {
		return nil
	}
	_, err := c.conn.Write(b[max(n, 0):])
	return err
}
