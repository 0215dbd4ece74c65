package manager

import (
	"log/slog"
	"syscall"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// worker is one process from the decision to start it to its death. The loop
// owns it.
type worker struct {
	slot  *slot
	gen   *generation
	limit int       // requests, 0 = no end
	asked time.Time // when it was decided to start it

	state  State
	reason string // why it is in this state
	since  time.Time
	timer  *time.Timer // the deadline of the state, if it has one

	proc   *process             // nil until it was forked
	early  []sharedsocket.Event // what came before proc was known
	spent  bool                 // takes nothing more
	rich   bool                 // it has requests left, and goes all the same because its replacement is ready
	parted bool                 // was told to go, so that its end is no crash
	left   bool                 // was told so, and it is certain that it takes nothing more
	doomed bool                 // is to be killed, or was
	fault  string               // what it was killed for
	before bool                 // it may have read the code as it was before a change, see Retry
	stale  string               // why it could not load its code again, "" = it runs the newest
	hungIn string               // label of the request that it hung in
	cpu    time.Duration        // CPU time that it had spent when it was ready
	weight weighing
}

func (w *worker) enter(s State, reason string) {
	w.state, w.reason, w.since = s, reason, time.Now()
}

// attrs are the attributes of a log line about the worker.
func (w *worker) attrs(more ...any) []any {
	list := []any{slog.Int("worker", w.slot.number)}
	if w.proc != nil {
		list = append(list, slog.Int("pid", w.proc.cmd.Process.Pid))
	}
	return append(list, more...)
}

// kill ends the process, now or as soon as there is one.
func (w *worker) kill() {
	w.doomed = true
	if w.proc != nil {
		w.proc.kill()
	}
}

// deadline calls f after d unless the worker enters another state, or gets
// another deadline, before.
func (l *loop) deadline(w *worker, d time.Duration, f func()) {
	w.timer.Stop()
	var timer *time.Timer
	timer = l.after(d, func() {
		if w.timer == timer && w.state != Gone && !w.doomed {
			f()
		}
	})
	w.timer = timer
}

// part tells a worker to go: it finishes the request that it runs, if any.
func (l *loop) part(w *worker, reason string) {
	if w.parted {
		return
	}
	w.parted = true
	w.enter(Draining, reason)
	w.timer.Stop()
	if w.proc != nil {
		l.leave(w)
	}
}

// leave begins the end of a parted worker that has a process.
func (l *loop) leave(w *worker) {
	if w.spent {
		l.left(w, false)
		return
	}
	if w.proc.notify != nil {
		l.dismiss(w)
		return
	}
	go func() {
		running := w.proc.leave()
		l.m.box.put(func(l *loop) {
			l.left(w, running)
			l.step()
		})
	}()
}

// left goes on when it is certain whether the worker runs a request. If so it
// exits by itself after that, else nothing is lost by a signal.
func (l *loop) left(w *worker, running bool) {
	w.left = true
	if w.state == Gone || w.doomed || w.fault != "" {
		return
	}
	if running {
		l.deadline(w, l.m.cfg.DrainTimeout, func() { l.giveUp(w, "its request took longer than the drain timeout") })
		return
	}
	w.proc.signal(syscall.SIGTERM)
	l.deadline(w, l.m.timing.term, func() { l.giveUp(w, "it ignored SIGTERM") })
}

// giveUp kills a worker that did not go.
func (l *loop) giveUp(w *worker, why string) {
	w.fault = why
	if l.stopping {
		l.m.killed++
	}
	l.log.Warn("worker killed", w.attrs(slog.String("why", why))...)
	w.kill()
}
