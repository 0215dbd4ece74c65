package sharedsocket

import (
	"fmt"

	"github.com/rip-server/rip-server/internal/wire"
)

// Withdraw says that the client of an exchange is gone. It never blocks. The
// final Reply still comes exactly once: at once when the request waited in the
// queue (then from within this call), after a barrier when no worker has it,
// or when the worker that runs it has finished; until then x must stay as it is.
func (s *Socket) Withdraw(x *Exchange) {
	var over []ending
	s.mu.Lock()
	switch x.state {
	case queued:
		over = s.conclude(over, x, ErrWithdrawn)
	case sent:
		s.unwant(x, withdraw, wire.Cancelled|x.id)
		if x.seat != nil || s.adopted() {
			x.gone = true // what still comes is thrown away
		}
		x.wake()
	}
	s.mu.Unlock()
	s.tell(over)
}

// unwant takes a request in flight back, if no worker has it: the ledger first,
// then a full barrier, then the rows. A worker writes its row first and looks
// at the ledger then, so that one of both always sees the other
// (docs/worker-protocol.md, claim then look).
func (s *Socket) unwant(x *Exchange, why ask, word uint64) {
	if x.ask >= why || s.adopted() { // what a program was handed it runs
		return
	}
	pending := x.ask != nothing
	x.ask = why
	wire.Store(s.ledger.mem, wire.SlotOffset(uint32(x.id%wire.Slots)), word)
	if !pending {
		id := x.id
		s.barrier.after(func() { s.decide(x, id) })
	}
}

// decide is the second half of unwant, after the barrier.
func (s *Socket) decide(x *Exchange, id uint64) {
	var over []ending
	s.mu.Lock()
	if x.state == sent && x.id == id {
		holder := s.heldBy(id)
		if x.seat == nil && holder == nil && s.unread(x) {
			s.mu.Unlock()
			s.barrier.after(func() { s.decide(x, id) })
			return
		}
		why := x.ask
		x.ask = nothing
		if x.seat == nil && holder == nil {
			s.miss(x, why)
		}
		switch {
		case x.cut && (x.seat != nil || holder != nil):
			if holder != nil {
				x.seat, x.Worker = holder, holder.number
			}
			over = s.conclude(over, x, ErrDied)
		case x.seat != nil || holder != nil:
			if why == withdraw {
				x.gone = true
			} else {
				wire.Store(s.ledger.mem, wire.SlotOffset(uint32(id%wire.Slots)), id)
			}
		case x.spoiled && why != withdraw:
			over = s.conclude(over, x, fmt.Errorf("%w: it may have run it without a claim", ErrBadReply))
		case why == resend:
			s.requeue(x)
		default:
			over = s.conclude(over, x, s.verdict(why))
		}
	}
	s.mu.Unlock()
	s.tell(over)
	s.refill()
}

// miss is when a request is taken back that no worker holds. When that is
// because it was lost again and again, or was not taken for long, somebody may
// hold it who does not say so.
func (s *Socket) miss(x *Exchange, why ask) {
	if why != resend && s.late(x.since, Now(), unclaimedAfter) {
		s.suspect()
	}
	if x.missed {
		x.missed = false
		if x.losses++; x.losses == mostLosses {
			x.spoiled = true
			s.suspect()
		}
	}
}

// unread tells whether a reply to x may have been written that is not dealt
// with yet. A worker writes its final record before it clears its claim, so an
// empty row means nothing while a record is on its way. Nor does it while x may
// yet be sent.
func (s *Socket) unread(x *Exchange) bool {
	if s.cfg.Type == Stream {
		return x.carrier != nil && x.carrier.unread()
	}
	if x.sending.Load() == x.id {
		return true
	}
	for _, t := range s.seats {
		if t != nil && t.unread() {
			return true
		}
	}
	return false
}

// heldBy returns the worker whose row holds that id, or nil.
func (s *Socket) heldBy(id uint64) *Seat {
	for _, t := range s.seats {
		if t != nil && t.claim() == id {
			return t
		}
	}
	return nil
}

func (s *Socket) verdict(why ask) error {
	switch why {
	case expire:
		return ErrQueueTimeout
	case refuse:
		return s.refused()
	case confine:
		return &QuarantineError{Left: s.cfg.Quarantine}
	}
	return ErrWithdrawn
}
