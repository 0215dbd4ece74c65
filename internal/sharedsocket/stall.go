package sharedsocket

import "github.com/rip-server/rip-server/internal/wire"

// stall is the time in which a worker took nothing although requests waited: it
// was stopped, or has lost its way where it has no claim. Nobody waits for it
// in particular, but with every one of them the others have more to do.
type stall struct {
	since uint64 // 0 = it does not stall
	count uint64 // requests that it had run by then
}

// lookAtStall gives up on a worker that stalls for as long as a request may
// take. waits tells whether requests wait for a worker now.
func (s *Socket) lookAtStall(t *Seat, now uint64, waits bool) {
	count := t.count()
	if !waits || t.row == nil || !t.isReady || t.leaving || t.spent.Load() || t.claim() != 0 {
		t.stall = stall{}
		return
	}
	if t.stall.since == 0 || t.stall.count != count {
		t.stall = stall{now, count}
	}
	if !s.late(t.stall.since, now, s.cfg.RequestTimeout) {
		return
	}
	t.stall = stall{}
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
	t.leaving = true
	s.mu.Unlock()
	t.notify(Event{Kind: EventHung})
}

// count returns how many requests the worker has finished. Called under
// Socket.mu.
func (t *Seat) count() uint64 {
	if t.s.cfg.Type == Stream && t.row != nil && t.row.mem != nil {
		return wire.Load(t.row.mem, wire.RowDone)
	}
	return t.done.Load()
}
