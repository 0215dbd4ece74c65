package manager

import (
	"fmt"
	"log/slog"
	"syscall"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// event handles what the socket says about a worker.
func (l *loop) event(w *worker, e sharedsocket.Event) {
	if w.state == Gone {
		return
	}
	if w.proc == nil {
		w.early = append(w.early, e)
		return
	}
	switch e.Kind {
	case sharedsocket.EventReady:
		l.ready(w)
	case sharedsocket.EventSpent:
		l.spend(w, l.lastRequest(w))
	case sharedsocket.EventHung:
		l.hung(w, e.Label)
	case sharedsocket.EventMisbehaved:
		l.misbehaved(w, e.Reason)
	case sharedsocket.EventSuspect:
		l.log.Warn("worker may have lost a request", w.attrs()...)
		l.spend(w, "it may have lost a request")
	case sharedsocket.EventReloaded:
		l.reloaded(w, e.Reason)
	}
}

// started notes the process of a worker, and does what had to wait for it.
func (l *loop) started(w *worker, p *process) {
	w.proc = p
	l.log.Info("worker started", w.attrs(slog.Int("generation", w.gen.number))...)
	if p.notify != nil {
		l.expect(w)
	}
	switch {
	case w.doomed:
		w.kill()
	case w.parted:
		l.leave(w)
	}
	for _, e := range w.early {
		l.event(w, e)
	}
	w.early = nil
}

func (l *loop) ready(w *worker) {
	if w.state != Starting || w.doomed {
		return
	}
	took := time.Since(w.asked)
	w.enter(Ready, "")
	w.timer.Stop()
	l.log.Info("worker ready", w.attrs(slog.Float64("ms", float64(took.Microseconds())/1000))...)
	if l.startup == 0 {
		l.startup = took
	}
	l.startup += (took - l.startup) / 4
	w.cpu = spent(w.proc.cmd.Process.Pid)
	if l.scales != nil {
		l.weighFirst(w)
	}
	s := w.slot
	s.failed = false
	if w == s.current {
		s.pace.begin(w.since)
	}
	if !s.served {
		s.served = true
		l.announce()
	}
	l.refuse()
	l.tend(s)
	l.rollReady(w)
}

// announce closes Ready when all slots have served.
func (l *loop) announce() {
	for _, s := range l.slots {
		if !s.served {
			return
		}
	}
	close(l.m.ready)
}

// spend handles a worker that takes nothing more. It stays until its
// replacement is ready, so that the place counts as filled.
func (l *loop) spend(w *worker, reason string) {
	if w.state != Ready {
		return
	}
	w.spent = true
	w.enter(Draining, reason)
	s := w.slot
	if w == s.next {
		// It overtook the worker that it was to replace, which runs something
		// long.
		s.detach(w)
		l.part(w, reason)
	}
	l.tend(s)
}

// lastRequest says why a worker takes nothing more.
func (l *loop) lastRequest(w *worker) string {
	if most := l.m.cfg.MaxReloads; most > 0 && w.proc.seat.Reloads() >= uint64(most) {
		return fmt.Sprintf("%d reloads", most)
	}
	if w.limit > 0 {
		return fmt.Sprintf("%d requests", w.limit)
	}
	return "it ran its last request"
}

// hung handles a worker that holds a request for too long. The client has its
// answer already. The worker is asked for its stacks, which land in its output
// under the label of that request, and killed.
func (l *loop) hung(w *worker, label string) {
	if w.doomed || w.fault != "" {
		return
	}
	l.log.Error("worker hung", w.attrs(slog.String("request", label))...)
	w.parted, w.left, w.fault = true, true, "hung" // the socket has told it to leave
	w.enter(Draining, "hung")
	w.slot.lastError = "it hung in request " + label
	switch {
	case label != "":
	case w.proc.notify != nil:
		w.slot.lastError = "it took no request for as long as one may take; does it adopt the listening socket (descriptor 3)?"
	default:
		w.slot.lastError = "it hung outside of any request"
	}
	w.hungIn = label
	w.proc.out.fix(label)
	w.proc.out.transcript.dump()
	w.proc.signal(syscall.SIGQUIT)
	l.deadline(w, l.m.timing.dump, w.kill)
	w.slot.detach(w)
	l.tend(w.slot)
}

// misbehaved kills a worker that broke the protocol; its death counts as a
// crash.
func (l *loop) misbehaved(w *worker, reason string) {
	if w.doomed {
		return
	}
	l.log.Error("worker misbehaved", w.attrs(slog.String("why", reason))...)
	w.fault = "it broke the worker protocol: " + reason
	w.kill()
}

// reloaded notes that a worker has loaded its code again, or why it could not
// and goes on with the old.
func (l *loop) reloaded(w *worker, reason string) {
	w.stale = reason
	if reason != "" {
		l.log.Warn("reload failed", w.attrs(slog.String("error", reason))...)
		return
	}
	l.log.Info("worker reloaded", w.attrs(slog.Uint64("reloads", w.proc.seat.Reloads()))...)
}

// overdue kills a worker that does not get ready.
func (l *loop) overdue(w *worker) {
	if w.state != Starting || w.doomed {
		return
	}
	w.fault = fmt.Sprintf("not ready within %s", l.m.timing.ready)
	w.kill()
}

// died handles the end of a process, or that there never was one.
func (l *loop) died(w *worker, d death) {
	was, since := w.state, w.since
	stable := l.stable(w)
	w.enter(Gone, d.how)
	w.timer.Stop()
	delete(l.workers, w)
	s := w.slot
	s.detach(w)
	if was == Starting && w.proc != nil && w.proc.notify != nil {
		d.background()
	}
	if w.fault != "" {
		d.how = w.fault
	}
	if told := l.m.cfg.Crashed; told != nil && d.err == nil {
		if c := w.crash(d); c != nil {
			told(*c)
		}
	}
	switch {
	case w.parted || w.spent:
		l.log.Info("worker stopped", w.attrs(slog.String("how", d.how), slog.Uint64("requests", d.requests))...)
		l.rollParted(w)
	case was == Ready:
		l.crashed(w, d, stable)
		l.rollDied(w, d, time.Since(since) < l.m.timing.early)
	default:
		l.unready(w, d)
		l.rollDied(w, d, true)
	}
	l.drop(w.gen)
	l.tend(s)
	l.refuse()
}

// crashed handles the death of a worker that was ready. After a stable one the
// next starts at once.
func (l *loop) crashed(w *worker, d death, stable bool) {
	attrs := w.attrs(slog.String("how", d.how), slog.Uint64("requests", d.requests))
	if d.running {
		attrs = append(attrs, slog.String("request", d.label))
	}
	if d.reason != "" {
		attrs = append(attrs, slog.String("printed", d.reason))
	}
	l.log.Error("worker crashed", attrs...)
	s := w.slot
	s.lastError, s.output = d.summary(), ""
	if stable {
		s.backoff.forget()
		return
	}
	most := l.m.timing.most
	if d.running || d.requests > 0 {
		// It could serve; some request, or somebody, killed it. A slot must
		// not be shut for half a minute by that.
		most = l.m.timing.served
	}
	l.backOff(s, most)
}

// unready handles a start that failed.
func (l *loop) unready(w *worker, d death) {
	attrs := w.attrs(slog.String("how", d.how))
	if d.reason != "" {
		attrs = append(attrs, slog.String("printed", d.reason))
	}
	l.log.Error("worker did not start", attrs...)
	if w.before {
		return
	}
	s := w.slot
	s.failed = true
	s.lastError, s.output = d.summary(), d.output
	most := l.m.timing.most
	if d.err != nil {
		most = l.m.timing.served // no process was made: trying costs little, and the shortage may be over soon
	}
	l.backOff(s, most)
}

func (l *loop) backOff(s *slot, most time.Duration) {
	delay := s.backoff.next(most)
	l.log.Warn("worker waits before it starts again", slog.Int("worker", s.number), slog.Duration("delay", delay.Round(time.Millisecond)))
	l.pauseFor(s, delay)
}

// summary says in one line how a worker ended.
func (d death) summary() string {
	if d.reason == "" {
		return d.how
	}
	return d.how + ": " + d.reason
}
