package entry

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/nowait"
)

// errLost is that the client does not take what it is sent.
var errLost = errors.New("the connection is lost")

// filePiece is how much of a file is given to sendfile(2) at once.
const filePiece = 1 << 20

// flush sends what is in out.
func (c *conn) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	err := c.send(c.out)
	c.out = c.out[:0]
	return err
}

// send sends all of b.
func (c *conn) send(b []byte) error {
	n, err := nowait.Send(c.fd, b)
	if n == len(b) {
		return nil
	}
	if err != nil && err != unix.EAGAIN && err != unix.EINTR {
		return c.unsent(lossLeft)
	}
	return c.sendRest(b[max(n, 0):])
}

func (c *conn) sendRest(b []byte) error {
	return c.sendSlowly(func() (bool, error) {
		n, err := nowait.Send(c.fd, b)
		if n > 0 {
			b = b[n:]
		}
		return len(b) == 0, err
	})
}

// sendFile sends n bytes of a file from an offset on, without copying them
// through this process.
func (c *conn) sendFile(file *os.File, from, n int64) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failure error
	err = raw.Control(func(fd uintptr) {
		failure = c.sendSlowly(func() (bool, error) {
			if n == 0 {
				return true, nil
			}
			at := from
			sent, err := unix.Sendfile(c.fd, int(fd), &at, int(min(n, filePiece)))
			if sent > 0 {
				from += int64(sent)
				n -= int64(sent)
				err = nil
			} else if err == nil {
				return true, io.ErrUnexpectedEOF // the file has become shorter
			}
			return n == 0, err
		})
	})
	return errors.Join(err, failure)
}

// sendSlowly calls try until it is done, and waits for the client in between.
// Each time the client has taken something its deadline begins anew.
func (c *conn) sendSlowly(try func() (done bool, err error)) error {
	before := c.phase()
	c.enter(phaseWrite)
	var failure error
	err := c.raw.Write(func(uintptr) bool {
		for {
			done, err := try()
			switch {
			case err == nil && done:
				return true
			case err == nil:
				c.enter(phaseWrite)
			case err == unix.EAGAIN:
				return false
			case err != unix.EINTR:
				failure = err
				return true
			}
		}
	})
	if failure == io.ErrUnexpectedEOF {
		return failure
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return c.unsent(lossStalled)
	case err != nil || failure != nil:
		return c.unsent(lossLeft)
	}
	c.enter(before)
	return nil
}

// unsent is when nothing can be sent any more.
func (c *conn) unsent(why loss) error {
	c.out = c.out[:0]
	c.lose(why)
	c.ending = breaks
	return errLost
}
