package manager

import (
	"fmt"
	"log/slog"
	"time"
)

// roll is a restart under way.
type roll struct {
	waiters []*waiter
	began   time.Time
	swap    bool           // see Swap
	new     *generation    // nil while the code is prepared
	anew    bool           // nothing of the old code can start: there is nothing to go back to
	probing bool           // a new worker is ready and its proof under way
	came    map[*slot]bool // a new worker was ready there
	proved  bool           // the new code has proved itself: old workers may go, and it may be over
	failure error          // set when it goes back
	rest    time.Duration  // from one replacement to the next, 0 = not known yet
	next    time.Time      // when the next place may be renewed
}

// startAnew gives up the old code, of which nothing can start.
func (l *loop) startAnew(r *roll) {
	r.anew = true
	l.drop(l.gen)
	l.gen = r.new
	l.hold(l.gen)
	for w := range l.workers {
		if !w.spent {
			w.slot.detach(w)
			l.part(w, "restart")
		}
	}
	for _, s := range l.slots {
		s.gen = r.new
		s.forget()
		l.tend(s)
	}
	l.refuse()
}

// step lets the restart go on as far as it can, and ends it when it is done.
func (l *loop) step() {
	r := l.roll
	if r == nil || r.new == nil {
		return
	}
	if r.failure != nil {
		if !l.any(func(w *worker) bool { return w.gen == r.new && !r.without(w) }) {
			l.finish(r.failure)
		}
		return
	}
	// Requests wait for a swap, so it hurries.
	busy, most, complete := 0, max(1, len(l.slots)/4), true
	if r.swap {
		most = len(l.slots)
	}
	for _, s := range l.slots {
		if !l.serves(s, r.new) {
			complete = false
			if s.gen == r.new {
				busy++
			}
		}
	}
	if complete {
		if r.proved && !l.any(func(w *worker) bool { return w.gen != r.new && !r.without(w) }) {
			l.finish(nil)
		}
		return
	}
	for _, s := range l.slots {
		if s.gen == r.new {
			continue
		}
		// A place that serves nobody now loses nothing by being the next.
		if serving := s.current != nil && s.current.state == Ready; serving {
			if busy >= most || !r.swap && !l.rested(r) {
				continue
			}
			busy++
		}
		l.renew(s, r.new)
	}
}

// restTimes is how much longer than a start the rest between two of them is.
const restTimes = 4

// rested tells whether a worker that serves may be replaced now. Starting and
// ending processes takes processor time from requests: there is a rest in
// between.
func (l *loop) rested(r *roll) bool {
	now := time.Now()
	if now.Before(r.next) {
		return false
	}
	if r.rest > 0 {
		r.next = now.Add(r.rest)
		l.after(r.rest, func() {
			if l.roll == r {
				l.step()
			}
		})
	}
	return true
}

// renew lets a slot start other code.
func (l *loop) renew(s *slot, g *generation) {
	s.gen = g
	s.forget()
	if n := s.next; n != nil {
		s.detach(n)
		l.part(n, "restart")
	}
	l.tend(s)
}

func (l *loop) serves(s *slot, g *generation) bool {
	return s.current != nil && s.current.gen == g && (s.current.state == Ready || s.current.spent)
}

// without tells whether the restart is over without a worker that has to go: a
// swap does not wait for one that only ends what it holds.
func (r *roll) without(w *worker) bool { return r.swap && w.left }

func (l *loop) any(is func(*worker) bool) bool {
	for w := range l.workers {
		if is(w) {
			return true
		}
	}
	return false
}

// proved tells whether a worker of that code may replace one that serves.
func (l *loop) proved(g *generation) bool {
	r := l.roll
	return r == nil || r.new != g || r.proved
}

// rollReady is told of every worker that is ready.
func (l *loop) rollReady(w *worker) {
	r := l.roll
	if r == nil || w.gen != r.new || r.failure != nil {
		l.step()
		return
	}
	l.say(fmt.Sprintf("worker %d is ready", w.slot.number))
	r.came[w.slot] = true
	r.rest = min(restTimes*w.since.Sub(w.asked), l.m.timing.rested)
	switch {
	case r.proved:
	case r.swap:
		if len(r.came) == len(l.slots) {
			l.prove()
		}
	case !r.probing:
		r.probing = true
		l.after(l.m.timing.proof, func() {
			if l.roll != r || r.failure != nil {
				return
			}
			if !w.parted && !w.spent && w.proc != nil && w.proc.ended() { // that will be told in a moment
				r.probing = false
				return
			}
			l.prove()
			l.step()
		})
	}
	l.step()
}

// prove lets new workers take the places of old ones.
func (l *loop) prove() {
	l.roll.proved = true
	for _, s := range l.slots {
		l.tend(s)
	}
}

// rollParted is told of every worker that has gone as it was told to.
func (l *loop) rollParted(w *worker) {
	if r := l.roll; r != nil && r.new != nil && w.gen != r.new {
		l.say(fmt.Sprintf("worker %d of the old code is gone", w.slot.number))
	}
	l.step()
}

// rollDied is told of every worker that died by itself. One of the new code
// that did not get ready, or died soon after, fails the restart.
func (l *loop) rollDied(w *worker, d death, soon bool) {
	r := l.roll
	switch {
	case r == nil || r.new == nil:
	case r.failure != nil:
		if w.gen != r.new && soon {
			// The old code does not start any more either. It is tried on.
			l.finish(r.failure)
		}
	case w.gen == r.new && (soon || !r.proved):
		failure := &StartError{Worker: w.slot.number, How: d.how, Output: d.output}
		if r.anew {
			l.finish(failure)
		} else {
			l.goBack(failure)
		}
	}
	l.step()
}

// goBack returns every slot to the old code.
func (l *loop) goBack(failure error) {
	r := l.roll
	r.failure = failure
	l.say("going back to the old code")
	for _, s := range l.slots {
		if s.gen == r.new {
			l.renew(s, l.gen)
		}
	}
}

// finish ends the restart and begins the next one, if one was asked for.
func (l *loop) finish(err error) {
	r := l.roll
	l.roll = nil
	took := time.Since(r.began).Round(time.Millisecond)
	news := fmt.Sprintf("restarted %d workers in %s", len(l.slots), took)
	switch {
	case err != nil:
		l.log.Error("restart failed", slog.Any("error", err), slog.Duration("took", took))
	case r.new == nil:
		news = "the code is the same as before"
		l.log.Info("code is the same as before", slog.Duration("took", took))
	default:
		l.m.cfg.Socket.Forgive()
		l.log.Info("restart finished", slog.Int("generation", r.new.number), slog.Duration("took", took))
	}
	if r.new != nil {
		if err == nil && !r.anew {
			l.gen, r.new = r.new, l.gen
		}
		l.drop(r.new)
	}
	for _, w := range r.waiters {
		if err == nil {
			w.say(news)
		}
		w.done <- err
	}
	if !l.stopping {
		l.beginNext()
		return
	}
	for _, w := range l.waiting {
		w.done <- ErrStopped
	}
	l.waiting = nil
}

// say tells those who wait for the restart how far it is.
func (l *loop) say(line string) {
	for _, w := range l.roll.waiters {
		w.say(line)
	}
}
