package sharedsocket

import "github.com/rip-server/rip-server/internal/wire"

// idleLooks is how often a worker must have been seen at rest to be suspected.
const idleLooks = int(unclaimedAfter / tick / 2)

// rest is since when a worker is not known to do anything. Most that are idle
// wait for a request. But some were stopped, or have lost their way where they
// have no claim; nobody waits for one of these in particular, but with each of
// them there is one less to serve.
type rest struct {
	since uint64 // 0 = it is busy
	count uint64 // requests that it had run by then
	looks int    // how often it was seen so: a clock goes on while a machine stands still
}

// lookAtRest notes whether a worker does something, and gives up on one that
// takes nothing for as long as a request may take, although some wait.
func (s *Socket) lookAtRest(t *Seat, now uint64) {
	count := t.count()
	switch {
	case t.row == nil || !t.isReady || t.leaving || t.spent.Load() || t.claim() != 0:
		t.rest = rest{}
		return
	case t.rest.since == 0 || t.rest.count != count:
		t.rest = rest{since: now, count: count}
	}
	t.rest.looks++
	if s.waits == 0 || !s.late(max(t.rest.since, s.waits), now, s.cfg.RequestTimeout) {
		return
	}
	t.rest = rest{}
	wire.Store(s.ledger.mem, wire.LeaveOffset(t.index), 1)
	s.barrier.after(func() { s.dismissIdle(t, count) })
}

// dismissIdle is giveUp for a worker that seems to do nothing.
func (s *Socket) dismissIdle(t *Seat, count uint64) {
	s.mu.Lock()
	if s.seats[t.index] != t || t.leaving {
		s.mu.Unlock()
		return
	}
	if t.claim() != 0 || t.count() != count {
		wire.Store(s.ledger.mem, wire.LeaveOffset(t.index), 0)
		s.mu.Unlock()
		return
	}
	t.leaves(0)
	s.mu.Unlock()
	t.notify(Event{Kind: EventHung})
}

// suspect has every worker replaced that may be the one that has received a
// request and does not claim it: all that are idle.
func (s *Socket) suspect() {
	for _, t := range s.seats {
		if t != nil && t.rest.looks >= idleLooks && t.claim() == 0 {
			t.notify(Event{Kind: EventSuspect})
		}
	}
}

// count returns how many requests the worker has finished. Called under
// Socket.mu.
func (t *Seat) count() uint64 {
	if t.s.cfg.Type == Stream && t.row != nil && t.row.mem != nil {
		return wire.Load(t.row.mem, wire.RowDone)
	}
	return t.done.Load()
}
