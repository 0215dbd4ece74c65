package manager

import (
	"context"
	"log/slog"
	"math"
	"slices"
	"time"
)

// generation is one version of the code and whoever needs it.
type generation struct {
	number int
	code   Code
	users  int
}

// loop owns the workers. All of its methods run in one goroutine.
type loop struct {
	m       *Manager
	log     *slog.Logger
	slots   []*slot
	workers map[*worker]bool // everyone with a process, or about to have one
	gen     *generation      // what is started when no restart is under way
	count   int              // generations so far

	roll    *roll
	waiting []*waiter     // of restarts that were asked for during roll
	refusal string        // what the socket was told, see refuse
	broken  backoff       // of Replace
	mended  time.Time     // when the workers were last started for Replace
	startup time.Duration // how long a start takes
	tells   bool          // programs that adopt the socket tell that they are ready
	ticker  *time.Timer
	scales  *time.Timer // of weighAll, nil = nobody is weighed

	ctx       context.Context // of Prepare; ends with stop
	cancel    context.CancelFunc
	preparing bool
	stopping  bool
}

func newLoop(m *Manager, code Code) *loop {
	l := &loop{m: m, log: m.cfg.Log, workers: make(map[*worker]bool), broken: backoff{first: m.timing.first}}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.gen = l.generation(code)
	for n := range m.cfg.Workers {
		l.slots = append(l.slots, &slot{number: n + 1, gen: l.gen, backoff: backoff{first: m.timing.first}})
	}
	return l
}

// run handles messages until everything has stopped.
func (l *loop) run() {
	for _, s := range l.slots {
		l.tend(s)
	}
	if l.m.cfg.MaxRequests > 0 {
		l.tick()
	}
	if l.limitsMemory() {
		l.weighAll()
	}
	for !l.stopping || len(l.workers) > 0 || l.preparing {
		<-l.m.box.wake
		for _, f := range l.m.box.take() {
			f(l)
		}
	}
	l.drop(l.gen)
	l.m.forker.close()
	l.m.notify.close()
	close(l.m.over)
}

// after sends the loop a message after d.
func (l *loop) after(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() { l.m.box.put(func(*loop) { f() }) })
}

// generation notes new code, which the caller holds.
func (l *loop) generation(code Code) *generation {
	l.count++
	return &generation{number: l.count, code: code, users: 1}
}

func (l *loop) hold(g *generation) { g.users++ }

func (l *loop) drop(g *generation) {
	g.users--
	if g.users == 0 {
		g.code.release()
	}
}

func (c Code) release() {
	if c.Release != nil {
		c.Release()
	}
}

// tick looks at how close to their end the workers are, and does so again
// when half of the time that is left has passed.
func (l *loop) tick() {
	soonest := time.Duration(math.MaxInt64)
	now := time.Now()
	for _, s := range l.slots {
		c := s.current
		if c == nil || c.state != Ready {
			continue
		}
		s.pace.sample(c.proc.seat.Done(), now)
		if s.next != nil {
			l.settle(s)
			continue
		}
		l.tend(s)
		soonest = min(soonest, s.pace.left(c.limit)-l.lead())
	}
	l.ticker = l.after(min(max(soonest/2, 10*time.Millisecond), time.Second), l.tick)
}

// settle ends that a slot has two workers because the replacement was started
// early and then requests came more slowly, or not at all: the old one goes, a
// few requests before its time.
func (l *loop) settle(s *slot) {
	c, n := s.current, s.next
	if n.state != Ready || n.gen != c.gen || l.nearlySpent(s) || time.Since(n.since) < l.m.timing.settle {
		return
	}
	if _, _, running := c.proc.seat.Running(); running {
		return // later: it may take long, and nothing is urgent
	}
	c.rich = true
	l.promote(s)
}

// lead is how long before its predecessor is spent a worker must be started.
func (l *loop) lead() time.Duration { return l.startup*3/2 + 10*time.Millisecond }

// nearlySpent tells whether the replacement of a slot's worker should start.
func (l *loop) nearlySpent(s *slot) bool {
	c := s.current
	return c.limit > 0 && c.state == Ready && s.pace.left(c.limit) <= l.lead()
}

// stable tells whether a worker was ready for long enough to clear what
// happened before it.
func (l *loop) stable(w *worker) bool {
	return w.state == Ready && time.Since(w.since) >= l.m.timing.stable
}

// refuse tells the socket whether it makes sense to wait for a worker: not
// when none is ready and the latest start of every slot failed.
func (l *loop) refuse() {
	reason := ""
	for _, s := range l.slots {
		if !s.failed {
			reason = ""
			break
		}
		reason = s.lastError
	}
	for w := range l.workers {
		if w.state == Ready {
			reason = ""
		}
	}
	if reason != l.refusal {
		l.refusal = reason
		l.m.cfg.Socket.SetNoWorkers(reason)
	}
}

// failing answers Manager.Failing. It looks at the delays and not at refusal:
// an app that crashes as soon as it is ready has had starts that succeeded.
func (l *loop) failing() bool {
	if l.stopping || l.roll != nil || l.any(func(w *worker) bool { return w.state == Ready }) {
		return false
	}
	return slices.ContainsFunc(l.slots, func(s *slot) bool { return s.failed || s.wait != nil })
}

// stop begins the end of all workers.
func (l *loop) stop() {
	if l.stopping {
		return
	}
	l.stopping = true
	l.log.Info("workers are told to stop", slog.Int("workers", len(l.workers)))
	l.cancel()
	if l.ticker != nil {
		l.ticker.Stop()
	}
	if l.scales != nil {
		l.scales.Stop()
	}
	if l.roll != nil && !l.preparing {
		l.finish(ErrStopped)
	}
	for _, s := range l.slots {
		s.resume()
		s.current, s.next = nil, nil
	}
	for w := range l.workers {
		l.part(w, "stop")
	}
}

// hurry ends the patience of stop.
func (l *loop) hurry() {
	for w := range l.workers {
		if !w.doomed {
			l.giveUp(w, "the time to stop was over")
		}
	}
}

// replace replaces all workers because their socket is gone. An app that
// breaks it again and again is slowed down like one that crashes.
func (l *loop) replace() {
	if l.stopping {
		return
	}
	var delay time.Duration
	if time.Since(l.mended) >= l.m.timing.stable {
		l.broken.forget()
	} else {
		delay = l.broken.next(l.m.timing.most)
	}
	l.mended = time.Now().Add(delay)
	for _, s := range l.slots {
		for w := range l.workers {
			if w.slot == s {
				s.detach(w)
				l.part(w, "the shared socket was broken")
			}
		}
		s.resume()
		if delay > 0 {
			l.pauseFor(s, delay)
		}
		l.tend(s)
	}
}
