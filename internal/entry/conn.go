package entry

import (
	"errors"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/nowait"
)

// conn is one connection of a client. Its goroutine owns all of it but what is
// said to be shared.
//
// What is received is pushed through the parsers, so that a slow client costs
// a wait in the poller and no more. All of a connection's life is one call of
// RawConn.Read, whose function, turn, is called whenever something may have
// arrived. That saves the read that finds nothing, one of two system calls per
// request: within such a call the poller forgets no arrival, so that after a
// short read it is right to wait at once.
type conn struct {
	e    *Entry
	nc   net.Conn
	raw  syscall.RawConn
	fd   int
	peer peer
	turn func(fd uintptr) (over bool) // receive, kept so that waiting allocates nothing

	*work         // nil while it is idle
	step   step   // what the bytes that come next belong to
	ending ending // what becomes of it after the current response
	served int    // requests so far

	deadline               // shared
	wake     chan struct{} // shared: a part of the reply came, or the connection is lost
	place    int           // in Entry.conns; belongs to the entry
	taking   taking        // belongs to the sweeper
}

// step is where in a message a connection is.
type step uint8

const (
	stepHead step = iota
	stepBody
)

// ending is how a connection ends.
type ending uint8

const (
	stays   ending = iota
	closes         // the client expects no more
	lingers        // the client may be sending more
	breaks         // the client is gone, or must see that it did not get all
	resets         // likewise, where only the end of the connection would tell it that it got all
)

func newConn(e *Entry, nc net.Conn) (*conn, error) {
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return nil, errors.New("it has no descriptor")
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil, err
	}
	c := &conn{e: e, nc: nc, raw: raw, peer: e.newPeer(nc.RemoteAddr()), wake: make(chan struct{}, 1)}
	// Nobody but the connection's goroutine closes it, so the number stays right.
	if err := raw.Control(func(fd uintptr) { c.fd = int(fd) }); err != nil {
		return nil, err
	}
	c.turn = func(uintptr) bool { return c.receive() }
	c.enter(phaseIdle)
	return c, nil
}

func (c *conn) serve() {
	for {
		err := c.raw.Read(c.turn)
		if err == nil || !c.late(err) {
			break
		}
	}
	if c.work != nil {
		c.unfinished()
	}
	if c.ending == lingers || c.ending == closes && (c.r < c.w || c.sentMore()) {
		c.linger()
	}
	if l, ok := c.nc.(interface{ SetLinger(int) error }); ok && c.ending == resets {
		_ = l.SetLinger(0)
	}
	c.nc.Close()
	if c.work != nil {
		c.work.put()
	}
	c.e.depart(c)
}

// unfinished ends a request that has not arrived whole. Nothing of it may be
// left in what the next connection works with.
func (c *conn) unfinished() {
	if c.step == stepBody {
		c.lose(lossLeft)
		c.abandon()
	}
	c.request.Reset()
}

// receive takes what has arrived and deals with it. It returns false to wait
// for more, true when the connection is over.
func (c *conn) receive() (over bool) {
	if c.work == nil {
		c.work = getWork()
	}
	for {
		n, space, err := c.read()
		switch {
		case err == unix.EAGAIN:
			return !c.rest()
		case err != nil || n == 0:
			_ = c.flush() // to requests before; the client may have ended its sending side only
			return true
		}
		if !c.advance() {
			return true
		}
		if n < space && c.step == stepHead && c.r == c.w {
			return !c.rest()
		}
	}
}

// read reads once, to where the bytes belong, at most space of them.
func (c *conn) read() (n, space int, err error) {
	into := c.vacancy()
	for {
		n, err = nowait.Receive(c.fd, into)
		if err == unix.EINTR {
			continue
		}
		if n > 0 {
			c.filled(n)
		}
		return n, len(into), err
	}
}

// vacancy returns where to read to.
func (c *conn) vacancy() []byte {
	if c.r == c.w {
		c.r, c.w = 0, 0
		if c.step == stepBody {
			if room := c.bodyRoom(); room != nil {
				return room
			}
		}
	}
	if c.w == len(c.in) {
		to := c.in
		if c.r == 0 {
			to = make([]byte, 2*len(c.in))
		}
		c.w = copy(to, c.in[c.r:c.w])
		c.in, c.r = to, 0
	}
	return c.in[c.w:]
}

// filled takes note of n bytes that were read to the vacancy.
func (c *conn) filled(n int) {
	if c.step == stepBody && c.r == c.w && c.bodyFilled(n) {
		return
	}
	c.w += n
}

// advance goes on with what was received, and serves every request that is
// complete. It returns false when the connection is over.
func (c *conn) advance() bool {
	for {
		if c.step == stepHead {
			if c.r == c.w {
				return true
			}
			n, err := c.request.Parse(c.in[c.r:c.w], c.e.cfg.Head)
			switch {
			case err != nil:
				c.refuseHead(err)
			case n == 0:
				if c.phase() != phaseHead {
					c.enter(phaseHead)
				}
				return true
			default:
				c.begin(n)
			}
		} else {
			done, err := c.readBody()
			if err == nil && !done {
				if err = c.awaitBody(); err == nil {
					return true
				}
			}
			if err != nil {
				c.refuseBody(err)
			} else {
				c.dispatch()
			}
		}
		if c.ending != stays {
			_ = c.flush()
			return false
		}
	}
}

// rest is before a wait for more: what is to be sent is sent, and memory that
// is not needed is given away. It returns false when the client is gone.
func (c *conn) rest() bool {
	if c.flush() != nil {
		return false
	}
	if c.step == stepHead && c.r == c.w {
		c.work.put()
		c.work = nil
	}
	return true
}

// late is when waiting for the client has ended with an error. It returns false
// when the connection is over.
func (c *conn) late(err error) bool {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	stopped := c.loss() == lossCut
	switch c.phase() {
	case phaseIdle:
		return !stopped && c.lastLook()
	case phaseHead:
		if stopped {
			c.refuseHead(&refusedStopping)
		} else {
			c.refuseHead(&refusedHeadTime)
		}
	case phaseBody:
		if stopped {
			c.refuseBody(&refusedStopping)
		} else {
			c.refuseBody(&refusedBodyTime)
		}
	}
	_ = c.flush()
	return false
}

// lastLook answers what has arrived by the time when the connection is to be
// closed for being idle. It returns false when there was nothing.
func (c *conn) lastLook() bool {
	served := c.served
	c.enter(phaseIdle)
	if c.receive() {
		return false
	}
	if c.served > served || c.phase() != phaseIdle {
		return true
	}
	if c.e.stopping.Load() {
		c.ending = lingers // a request that is on its way meets no reset
	}
	return false
}

// sentMore tells whether something has arrived that was not read.
func (c *conn) sentMore() bool {
	var b [1]byte
	n, _, err := unix.Recvfrom(c.fd, b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
	return n > 0 && err == nil
}

// linger ends the sending side and throws away what still comes, so that the
// client can read the answer: data that nobody has read when a connection is
// closed makes the kernel reset it, and the answer is lost (RFC 9112 section
// 9.6). It goes on until the client closes, sends nothing for a while, or does
// not come to an end.
func (c *conn) linger() {
	if unix.Shutdown(c.fd, unix.SHUT_WR) != nil {
		return
	}
	c.enter(phaseLinger)
	if c.work == nil {
		c.work = getWork()
	}
	end := c.e.clock.now() + ticks(lingerMost)
	discard := func(uintptr) bool {
		for {
			n, err := nowait.Receive(c.fd, c.in)
			switch {
			case err == unix.EINTR:
			case err == unix.EAGAIN:
				return false
			case err != nil || n == 0 || c.e.clock.now() > end:
				return true
			default:
				c.enter(phaseLinger)
			}
		}
	}
	if c.raw.Read(discard) != nil && c.loss() == lossCut {
		discard(0) // there is no time, but what is here shall not reset it
	}
}
