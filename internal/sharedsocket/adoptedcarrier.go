package sharedsocket

import (
	"errors"
	"os"
	"time"

	"github.com/rip-server/rip-server/internal/wire"
)

// breakShort is breakOff for programs that adopted the socket.
func (c *carrier) breakShort() {
	s, x := c.s, c.d.x
	var over []ending
	s.mu.Lock()
	if x.state != sent || x.id != c.d.id {
		s.mu.Unlock()
		return
	}
	t := s.mourn(x)
	dead := t != nil || x.orphan || x.held.pid != 0 && exiting(x.held.pid)
	whole := !c.chunked && c.left <= 0
	if dead {
		if t != nil {
			x.seat, x.Worker = t, t.number
		}
		over = s.conclude(over, x, ErrDied)
	}
	s.mu.Unlock()
	switch {
	case dead:
		s.tell(over)
		s.refill()
	case whole:
		c.finish(Reply{}, nil)
	default:
		c.finish(Reply{}, ErrBroken)
	}
}

// sendPlain writes the request for a program that adopted the socket: it gets
// no field that is for workers, and one connection is one request. A body in a
// file is sent beside, since a program may answer before it has read all of it.
func (c *carrier) sendPlain() error {
	end := wire.RequestPrefix + c.d.head
	b := append(c.plain[:0], c.d.record[wire.RequestPrefix:end-2]...)
	b = append(b, "Connection: close\r\n\r\n"...)
	if !c.d.file {
		b = append(b, c.d.record[end:]...)
	}
	c.plain = b[:0]
	if err := c.write(b); err != nil || !c.d.file {
		return err
	}
	conn, body := c.conn, c.body // which stay open until all is sent
	c.sending.Go(func() {
		if _, err := body.WriteTo(conn); err != nil && !peerClosed(err) && !errors.Is(err, os.ErrDeadlineExceeded) {
			_ = conn.SetDeadline(time.Unix(1, 0)) // the program would wait for the rest
		}
	})
	return nil
}

// ended tells whether the connection has ended, and nothing is left to be read.
func (c *carrier) ended() bool { return hungUp(c.fd) && !readableNow(c.fd) }
