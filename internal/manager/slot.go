package manager

import (
	"cmp"
	"fmt"
	"log/slog"
	"time"
)

// slot is the place of one of the configured workers. It is never abandoned.
type slot struct {
	number  int
	gen     *generation // of the next worker that is started here
	current *worker     // holds the slot
	next    *worker     // will hold it
	backoff backoff
	wait    *time.Timer // set while the next start has to wait
	until   time.Time   // when wait ends
	emptied time.Time   // when it last had no worker
	pace    pace

	served    bool   // a worker of it was ready once
	failed    bool   // the latest start failed before it was ready
	lastError string // why a worker failed last, in a line
	output    string // the last lines that it printed, when it did not get ready
}

// rank orders the workers of a slot.
func (s *slot) rank(w *worker) int {
	switch w {
	case s.current:
		return 0
	case s.next:
		return 1
	}
	return 2
}

// pause says what the slot waits for.
func (s *slot) pause() string {
	if s.wait == nil {
		return ""
	}
	return fmt.Sprintf("starts again in %s", time.Until(s.until).Round(100*time.Millisecond))
}

// forget lets the slot start other code at once, whatever happened before.
func (s *slot) forget() {
	s.backoff.forget()
	s.failed, s.lastError, s.output = false, "", ""
	s.resume()
}

func (s *slot) resume() {
	if s.wait != nil {
		s.wait.Stop()
		s.wait = nil
	}
}

// tend does what a slot needs now. It is called after everything that happens
// to one, and changes nothing when nothing is needed.
func (l *loop) tend(s *slot) {
	if l.stopping {
		return
	}
	l.promote(s)
	if s.next != nil || s.wait != nil {
		return
	}
	most := l.m.cfg.MaxRequests
	switch c := s.current; {
	case c == nil:
		l.start(s, spread(most, s.number-1, len(l.slots)))
	case c.spent || c.weight.heavy != "" || l.nearlySpent(s):
		l.start(s, most)
	case c.gen != s.gen:
		l.start(s, spread(most, s.number-1, len(l.slots)))
	}
}

// promote lets the next worker take the slot over when it may.
func (l *loop) promote(s *slot) {
	c, n := s.current, s.next
	if n == nil || n.state != Ready {
		return
	}
	if c != nil && !c.spent && !l.replaces(n, c) {
		return
	}
	s.current, s.next = n, nil
	s.pace.begin(n.since)
	if c == nil {
		return
	}
	reason := "restart"
	if c.rich && !c.spent {
		reason = "requests became few"
	}
	if c.spent || c.rich || c.weight.heavy != "" {
		reason = cmp.Or(c.weight.heavy, c.reason, reason)
		l.log.Info("worker recycled", c.attrs(slog.String("why", reason), slog.Uint64("requests", c.proc.seat.Done()))...)
	}
	l.part(c, reason)
}

// replaces tells whether a worker that is ready may take over from one that
// still takes requests.
func (l *loop) replaces(n, c *worker) bool {
	if n.gen == c.gen {
		return c.weight.heavy != "" || c.rich
	}
	return l.proved(n.gen)
}

// start begins to start a worker for a slot.
func (l *loop) start(s *slot, limit int) {
	w := &worker{slot: s, gen: s.gen, limit: limit, asked: time.Now()}
	w.enter(Starting, "")
	if s.current == nil {
		s.current = w
	} else {
		s.next = w
	}
	l.workers[w] = true
	l.hold(w.gen)
	w.timer = l.after(l.m.timing.ready, func() { l.overdue(w) })
	l.m.lives.Add(1)
	go l.m.live(w, fmt.Sprintf("rip-server: %s worker %d", l.m.cfg.Name, s.number))
}

// detach takes a worker off its slot, which then needs another.
func (s *slot) detach(w *worker) {
	if s.current == w {
		s.current = nil
		s.emptied = time.Now()
	}
	if s.next == w {
		s.next = nil
	}
}

// pauseFor makes the next start of the slot wait.
func (l *loop) pauseFor(s *slot, d time.Duration) {
	s.resume()
	s.until = time.Now().Add(d)
	var timer *time.Timer
	timer = l.after(d, func() {
		if s.wait == timer {
			s.wait = nil
			l.tend(s)
		}
	})
	s.wait = timer
}

// told is why a worker failed last, with what it printed when that is more.
func (s *slot) told() string {
	if s.output == "" {
		return s.lastError
	}
	return s.lastError + "\n" + s.output
}
