package sharedsocket

import (
	"fmt"
)

// part hands a part over that is not the last one. It returns false when the
// exchange was ended by somebody else.
func (c *carrier) part(part Reply) bool {
	s, x := c.s, c.d.x
	s.mu.Lock()
	if x.state != sent || x.id != c.d.id {
		s.mu.Unlock()
		return false
	}
	c.bind()
	s.part(x, part, c.wake)
	return true
}

// bind notes who runs the exchange. It is called with the mutex held.
func (c *carrier) bind() {
	x := c.d.x
	if x.seat == nil {
		x.seat = c.s.heldBy(x.id)
	}
	if x.seat != nil {
		c.worker = x.seat.number
	}
	x.Worker = c.worker
}

// finish hands the last part over.
func (c *carrier) finish(part Reply, err error) {
	s, x := c.s, c.d.x
	s.mu.Lock()
	if x.state != sent || x.id != c.d.id {
		s.mu.Unlock()
		return
	}
	c.bind()
	x.Took, x.Finished, x.CPU = c.stats[0], c.stats[1], c.stats[2]
	if x.seat != nil {
		x.seat.cpu += x.CPU
	}
	s.survived(x)
	part.Final, part.Err = true, err
	if x.gone {
		part = Reply{Final: true, Err: ErrWithdrawn}
	}
	s.land(x)
	x.carrier = nil
	d, more := s.next()
	s.mu.Unlock()
	x.Sink.Take(part)
	if more {
		s.launch(d)
		s.refill()
	}
}

// breakOff deals with a connection that ended in the body of the reply: that
// may be the end of the body, or the app has failed, or the worker is dead.
func (c *carrier) breakOff() {
	if c.s.adopted() {
		c.breakShort()
		return
	}
	s, x := c.s, c.d.x
	if c.claimed() {
		// A process that dies closes its descriptors in no certain order. A
		// moment later all are closed, or the claim of a live one is cleared.
		s.barrier.wait()
	}
	var over []ending
	s.mu.Lock()
	if x.state != sent || x.id != c.d.id {
		s.mu.Unlock()
		return
	}
	if t := x.seat; x.orphan || t != nil && t.claim() == x.id && t.closedReplies() {
		over = s.conclude(over, x, ErrDied)
		s.mu.Unlock()
		s.tell(over)
		s.refill()
		return
	}
	s.mu.Unlock()
	var err error
	if c.chunked || c.left > 0 {
		err = ErrBroken
	}
	c.finish(Reply{}, err)
}

// claimed tells whether a worker holds the exchange still.
func (c *carrier) claimed() bool {
	s, x := c.s, c.d.x
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.state != sent || x.id != c.d.id {
		return false
	}
	c.bind()
	return x.seat != nil && x.seat.claim() == x.id
}

// cutOff deals with a connection that ended without a reply: whoever holds the
// request died of it; when nobody does, nobody ran it.
func (s *Socket) cutOff(d departure) {
	if s.adopted() {
		s.cutShort(d)
		return
	}
	var over []ending
	s.mu.Lock()
	if x := d.x; x.state == sent && x.id == d.id {
		x.cut = true
		if x.carrier != nil && x.carrier.heard.Load() {
			x.spoiled = true // who begins an answer has run it
		}
		if x.Attempt >= maxAttempts {
			over = s.conclude(over, x, fmt.Errorf("%w: it closed the connection without one", ErrBadReply))
		} else {
			s.unwant(x, resend, 0)
		}
	}
	s.mu.Unlock()
	s.tell(over)
}
