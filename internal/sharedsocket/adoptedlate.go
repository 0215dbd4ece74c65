package sharedsocket

import (
	"log/slog"
	"strings"
)

// endLate ends what takes longer than a request may, and says which worker is
// to blame: whoever holds it or, when nobody took it for so long, each that held
// nothing meanwhile.
func (s *Socket) endLate(now uint64) {
	if !s.anyLate(now, false) {
		return
	}
	if s.anyLate(now, true) && !s.adoption.blind.Load() {
		s.trace(false)
	}
	type blame struct {
		seat  *Seat
		label string
	}
	var over []ending
	var blamed []blame
	var unknown []string
	ignored := false
	s.mu.Lock()
	idle := s.idlers(now)
	for _, x := range s.slots[:s.high] {
		if x == nil || !s.isLate(x, now) || x.carrier.unread() || x.carrier.ended() {
			continue // what has come its carrier is about to deal with
		}
		t, label := x.seat, strings.Clone(x.Label)
		switch {
		case t != nil:
			t.leaving = true
			blamed = append(blamed, blame{t, label})
		case x.claimed || s.adoption.blind.Load():
			unknown = append(unknown, label)
		case len(idle) == 0 && !s.ignoredForLong(x, now):
			continue // nobody could have taken it: workers are starting, or run what came before
		default:
			ignored = true
		}
		over = s.conclude(over, x, ErrTimeout)
	}
	if ignored {
		for _, t := range idle {
			t.leaving = true
			blamed = append(blamed, blame{t, ""})
		}
	}
	s.recount()
	s.mu.Unlock()
	s.tell(over)
	for _, label := range unknown {
		s.cfg.Log.Warn("no process was found that holds a request beyond the request timeout", slog.String("request", label))
	}
	for _, b := range blamed {
		b.seat.notify(Event{Kind: EventHung, Label: b.label})
	}
	if len(over) > 0 {
		s.refill()
	}
}

// anyLate tells whether a request is late, or one of which nobody knows who
// holds it.
func (s *Socket) anyLate(now uint64, untraced bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.slots[:s.high] {
		if x != nil && s.isLate(x, now) && (!untraced || x.held.pid == 0) {
			return true
		}
	}
	return false
}

func (s *Socket) isLate(x *Exchange, now uint64) bool {
	return x.carrier != nil && !x.taking && x.room == nil && s.late(x.since, now, s.cfg.RequestTimeout)
}

// ignoredForLong tells whether a request that nobody has accepted has waited for
// a worker for as long as one may, beyond what it may take.
func (s *Socket) ignoredForLong(x *Exchange, now uint64) bool {
	return s.cfg.QueueTimeout > 0 && s.late(x.since, now, s.cfg.RequestTimeout+s.cfg.QueueTimeout)
}

// idlers returns the workers that are ready and have held nothing for as long
// as a request may take. Called under the mutex.
func (s *Socket) idlers(now uint64) []*Seat {
	var idle []*Seat
	for _, t := range s.seats {
		if t != nil && t.isReady && !t.leaving && t.traced() == nil && s.late(t.rested, now, s.cfg.RequestTimeout) {
			idle = append(idle, t)
		}
	}
	return idle
}
