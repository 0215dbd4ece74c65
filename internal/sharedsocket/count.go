package sharedsocket

import "github.com/rip-server/rip-server/internal/wire"

// The count in a row runs ahead of the replies that were dealt with: it tells
// that one is on its way, and in time that a worker counts wrong.

// unread tells whether the worker has finished a request whose final record was
// not dealt with: it counts a request after that record, before it clears its
// claim. Called under Socket.mu.
func (t *Seat) unread() bool {
	if !t.finished() {
		return false
	}
	// With a client that takes nothing the reader may wait for long in front
	// of that record. What is there is bounded by the socket, so it is taken.
	t.poke()
	t.lookAtCount()
	return true
}

// lookAtCount finds out that a worker counts its requests wrong. Called under
// Socket.mu, without which no record is dealt with meanwhile.
func (t *Seat) lookAtCount() {
	if t.liar || t.dead.Load() || t.row == nil || t.row.mem == nil {
		return
	}
	n, reason := wire.Load(t.row.mem, wire.RowDone), ""
	switch {
	case n < t.counted:
		reason = "counts fewer requests than before"
	case t.finished() && !t.pending() && !t.reading.Load():
		reason = "counts more requests than it answered"
	}
	t.counted = n
	if reason != "" {
		t.lies(reason)
	}
}

// lies notes that the row is wrong. What was seen in it before may be all that
// will be known of what the worker runs. Called under Socket.mu.
func (t *Seat) lies(reason string) {
	t.liar = true
	for _, x := range t.s.slots[:t.s.high] {
		if x != nil && x.seat == nil && x.claimant == t {
			x.spoil()
		}
	}
	t.notify(Event{Kind: EventMisbehaved, Reason: reason})
}

// finished tells whether everything of the reply that the reader is handing
// over was written. Called under Socket.mu.
func (t *Seat) finished() bool {
	return t.s.cfg.Type == Seqpacket && t.row.mem != nil && wire.Load(t.row.mem, wire.RowDone) > t.done.Load()
}
