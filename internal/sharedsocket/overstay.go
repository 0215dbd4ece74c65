package sharedsocket

import (
	"strings"

	"github.com/rip-server/rip-server/internal/wire"
)

// overstay is an id in a worker's row that is not, or no more, a request of its
// own in flight: the worker has answered and does not come back from it, or its
// row is wrong. No deadline of an exchange finds such a worker, and it takes
// nothing any more.
type overstay struct {
	since uint64 // 0 = it does not
	count uint64 // requests that the worker had finished by then
}

// lookAtOverstay gives up on a worker that overstays for as long as a request
// may take, in whatever ids.
func (s *Socket) lookAtOverstay(t *Seat, now uint64) {
	id, count := t.claim(), t.count()
	if id == 0 {
		t.overstay = overstay{}
		return
	}
	if t.overstay.since == 0 || t.overstay.count != count {
		t.overstay = overstay{now, count}
	}
	if t.leaving || !s.late(t.overstay.since, now, s.cfg.RequestTimeout) {
		return
	}
	t.overstay.since = now
	wire.Store(s.ledger.mem, wire.LeaveOffset(t.index), 1)
	s.barrier.after(func() { s.dismiss(t, id) })
}

// dismiss is giveUp where there is no exchange to end.
func (s *Socket) dismiss(t *Seat, id uint64) {
	s.mu.Lock()
	if s.seats[t.index] != t || t.leaving {
		s.mu.Unlock()
		return
	}
	if t.claim() == 0 || s.holder(t) != nil {
		wire.Store(s.ledger.mem, wire.LeaveOffset(t.index), 0)
		s.mu.Unlock()
		return
	}
	t.leaves(id)
	label := ""
	if t.ended == id {
		label = strings.Clone(t.label)
	}
	s.mu.Unlock()
	t.notify(Event{Kind: EventHung, Label: label})
}
