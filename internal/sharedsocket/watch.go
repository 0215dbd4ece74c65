package sharedsocket

import (
	"strings"
	"time"

	"github.com/rip-server/rip-server/internal/wire"
)

const (
	// tick is how often deadlines are looked at, and so how exact they are.
	tick = 25 * time.Millisecond

	// unclaimedAfter is how long a request that must have left the kernel's
	// queue may be without a claim before it is asked after. Between receiving
	// and claiming a live worker needs microseconds.
	unclaimedAfter = 250 * time.Millisecond

	// closedAfter is how long a process may live after it closed its reply
	// socket. Death closes it too, and takes a moment to be reported.
	closedAfter = time.Second

	// mostLosses is how often a request may be lost between a worker that
	// received it and its claim. A worker that dies there is rare, so this is
	// what the request does to workers.
	mostLosses = 3
)

// watch looks at everything that has a deadline.
func (s *Socket) watch() {
	defer close(s.watched)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-ticker.C:
			s.look(Now())
		}
	}
}

func (s *Socket) look(now uint64) {
	if s.adopted() {
		s.lookAtAdopted(now)
		return
	}
	var over []ending
	var mute []*Seat
	s.mu.Lock()
	for _, t := range s.seats {
		if t == nil {
			continue
		}
		if t.closed != 0 && s.late(t.closed, now, closedAfter) { // it may have closed it after now was read
			t.closed = now
			mute = append(mute, t)
		}
		s.lookAt(t, now)
		s.lookAtRest(t, now)
		t.lookAtCount()
	}
	for x := s.queue.first; x != nil && s.waitedTooLong(x, now); x = s.queue.first {
		over = s.conclude(over, x, ErrQueueTimeout)
	}
	waits := false
	for _, x := range s.slots[:s.high] {
		switch {
		case x == nil:
		case x.claimed || x.seat != nil:
			over = s.lookAtLapse(over, x, now)
		case s.waitedTooLong(x, now):
			s.unwant(x, expire, 0)
		default:
			waits = waits || s.late(x.since, now, unclaimedAfter)
		}
	}
	if !waits {
		s.waits = 0
	} else if s.waits == 0 {
		s.waits = now
	}
	s.lost(unclaimedAfter)
	s.suspects.forget(now)
	waiting := s.queue.n > 0
	s.mu.Unlock()
	s.tell(over)
	for _, t := range mute {
		t.notify(Event{Kind: EventMisbehaved, Reason: "closed its reply socket"})
	}
	if waiting {
		s.refill()
	}
	s.inspect()
}

func (s *Socket) late(since, now uint64, limit time.Duration) bool {
	return limit > 0 && now > since && now-since > uint64(limit)
}

func (s *Socket) waitedTooLong(x *Exchange, now uint64) bool {
	return !s.held && s.late(max(x.Submitted, s.released), now, s.cfg.QueueTimeout)
}

// lookAt notes what a worker holds, and gives up on it when that takes too long.
func (s *Socket) lookAt(t *Seat, now uint64) {
	x := s.holder(t)
	if x == nil {
		s.lookAtOverstay(t, now)
		return
	}
	t.overstay = overstay{}
	s.claimed = max(s.claimed, x.id)
	if !x.claimed {
		x.claimed, x.claimant = true, t
		x.since = now
	}
	if x.room != nil || x.taking || t.ended == x.id || !s.late(x.since, now, s.cfg.RequestTimeout) {
		return
	}
	x.since = now // asked once, and again after another timeout if it was a mistake
	wire.Store(s.ledger.mem, wire.LeaveOffset(t.index), 1)
	id := x.id
	s.barrier.after(func() { s.giveUp(t, id) })
}

// mostExcused is for how many request timeouts a worker is left alone because
// something of it was not read yet.
const mostExcused = 2

// giveUp ends the exchange that a worker holds for too long, after leave was
// set and a barrier: if the worker has finished in the meantime it has taken
// nothing else, and nothing is lost.
func (s *Socket) giveUp(t *Seat, id uint64) {
	var over []ending
	s.mu.Lock()
	x := s.find(id)
	// What was not read yet may be its final record, but not every time.
	unread := (t.pending() || t.reading.Load()) && x != nil && x.excused < mostExcused
	if x == nil || t.claim() != id || unread {
		if unread {
			x.excused++
		}
		if s.seats[t.index] == t && !t.leaving {
			wire.Store(s.ledger.mem, wire.LeaveOffset(t.index), 0)
		}
		s.mu.Unlock()
		return
	}
	label := strings.Clone(x.Label)
	x.seat, x.Worker = t, t.number
	t.ended, t.label = id, label
	t.leaves(id)
	over = s.conclude(over, x, ErrTimeout)
	s.mu.Unlock()
	s.tell(over)
	t.notify(Event{Kind: EventHung, Label: label})
}

// lost asks after requests that must have left the kernel's queue at least
// that long ago and that no worker claims: they died with a worker between
// receiving and claiming. An id below a claimed one has left the queue, and
// every id has when the queue is empty. Asking for nothing does no harm, but to
// a request that is not sent again: there the queue must be empty.
func (s *Socket) lost(after time.Duration) {
	if s.cfg.Type == Stream || s.window.n == 0 {
		return // a connection ends with who accepted it
	}
	now := Now()
	looked, empty := false, false
	for _, x := range s.slots[:s.high] {
		if x == nil || x.claimed || x.seat != nil || x.ask != nothing || now-x.since < uint64(after) {
			continue
		}
		if x.id > s.claimed || x.spoiled {
			if !looked {
				looked, empty = true, queuedBytes(s.workers) == 0
			}
			if !empty {
				continue
			}
		}
		if s.heldBy(x.id) == nil {
			x.missed = true
			s.unwant(x, resend, 0)
		}
	}
}
