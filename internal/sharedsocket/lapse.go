package sharedsocket

import (
	"cmp"
	"fmt"
	"time"
)

// lapseAfter is how long a request may be without the claim that was seen, and
// without a word from who claimed it. Between clearing a claim and giving back
// a live worker needs microseconds, and on a machine that is starved much longer.
const lapseAfter = 3 * time.Second

// lookAtLapse looks at a request that was claimed, and whose worker has not
// answered yet. When it has let go of it without a word the worker has broken
// the protocol. Whether it ran the request cannot be known, unless it has begun
// to answer it: then it is over.
func (s *Socket) lookAtLapse(over []ending, x *Exchange, now uint64) []ending {
	t := cmp.Or(x.seat, x.claimant)
	if t == nil || s.heldBy(x.id) != nil || x.ask != nothing || x.taking || x.room != nil || s.unheard(x, t) {
		x.lapse = 0
		return over
	}
	if x.lapse == 0 {
		x.lapse = now
	}
	if !s.late(x.lapse, now, lapseAfter) {
		return over
	}
	if s.seats[t.index] == t && !t.liar {
		t.lies("let go of a request without an answer")
	}
	if x.seat != nil {
		return s.conclude(over, x, fmt.Errorf("%w: it let go of it", ErrBadReply))
	}
	x.spoil()
	x.since = now
	return over
}

// unheard tells whether there is something of a worker that was not dealt with.
func (s *Socket) unheard(x *Exchange, t *Seat) bool {
	if s.cfg.Type == Stream {
		return x.carrier != nil && x.carrier.unread()
	}
	return s.seats[t.index] == t && (t.pending() || t.reading.Load())
}

// spoil makes x a request that nobody is known to hold, and that is not sent
// again: who claimed it, or answered it without a claim, may have run it. But
// that may have been a lie, so it is not over: when it is in the queue still,
// somebody else will take it.
func (x *Exchange) spoil() {
	x.claimed, x.claimant, x.lapse = false, nil, 0
	x.spoiled = true
}

// heldByOther tells whether the row of another worker holds that id too.
func (s *Socket) heldByOther(id uint64, but *Seat) bool {
	for _, t := range s.seats {
		if t != nil && t != but && t.claim() == id {
			return true
		}
	}
	return false
}
