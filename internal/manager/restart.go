package manager

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Restart replaces all workers by new ones of the code as it is now, a few at
// a time: a new worker first, and when it is ready an old one goes. When it
// returns nil, no worker of an older generation is left. When it returns an
// error (a *StartError when a new worker did not get ready, else that of
// Prepare), the old generation is back in every place; only when nothing of it
// could start either is the new code kept, and tried again.
//
// A call during a restart begins another one after it, since the code may have
// changed after the first one looked; all calls that wait so share it. When
// ctx ends the call returns and the restart goes on. progress, which may be
// nil, is called with a line for people at each step, before Restart returns.
func (m *Manager) Restart(ctx context.Context, progress func(string)) error {
	return m.renew(ctx, newWaiter(m.cfg.Workers, false), progress)
}

// Swap is Restart for code that changes while somebody waits for it: the caller
// holds the queue of the socket before it calls, and releases it afterwards,
// whatever the result. All new workers are started at once, and when every one
// of them is ready all old ones are told to leave together. When it returns nil
// no worker of an older generation takes a request any more; those that run one
// finish it later. A worker need not live for a while to count as ready: code
// that dies soon after is a crash like any other.
//
// When the code turns out to be the very same as before (Code.ID), no worker is
// replaced.
//
// Calls are shared as those of Restart are. A Swap and a Restart are never under
// way at once; of those that wait, Swap is first, since requests wait with it.
// So a Restart that began before may hold up requests until the old workers have
// finished theirs.
func (m *Manager) Swap(ctx context.Context, progress func(string)) error {
	return m.renew(ctx, newWaiter(m.cfg.Workers, true), progress)
}

func (m *Manager) renew(ctx context.Context, w *waiter, progress func(string)) error {
	if !m.send(func(l *loop) { l.restart(w) }) {
		return ErrStopped
	}
	for {
		select {
		case line := <-w.progress:
			if progress != nil {
				progress(line)
			}
		case err := <-w.done:
			for progress != nil && len(w.progress) > 0 {
				progress(<-w.progress)
			}
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-m.over:
			return ErrStopped
		}
	}
}

// waiter is a call of Restart or Swap.
type waiter struct {
	swap     bool
	progress chan string
	done     chan error
}

func newWaiter(workers int, swap bool) *waiter {
	return &waiter{swap: swap, progress: make(chan string, 2*workers+16), done: make(chan error, 1)}
}

// say never blocks; nobody may be listening any more.
func (w *waiter) say(line string) {
	select {
	case w.progress <- line:
	default:
	}
}

// restart begins a restart, now or when the one under way is over.
func (l *loop) restart(w *waiter) {
	if l.stopping {
		w.done <- ErrStopped
		return
	}
	l.waiting = append(l.waiting, w)
	if l.roll == nil {
		l.beginNext()
	}
}

// beginNext begins the restart that those who wait have asked for, if any do.
func (l *loop) beginNext() {
	if len(l.waiting) == 0 {
		return
	}
	swap := slices.ContainsFunc(l.waiting, func(w *waiter) bool { return w.swap })
	var turn, rest []*waiter
	for _, w := range l.waiting {
		if w.swap == swap {
			turn = append(turn, w)
		} else {
			rest = append(rest, w)
		}
	}
	l.waiting = rest
	l.begin(turn, swap)
}

func (l *loop) begin(waiters []*waiter, swap bool) {
	l.roll = &roll{waiters: waiters, began: time.Now(), swap: swap, came: make(map[*slot]bool)}
	l.log.Info("restart began", slog.Bool("swap", swap))
	l.say("preparing the code")
	l.preparing = true
	go func(ctx context.Context) {
		code, err := l.m.cfg.Prepare(ctx)
		l.m.box.put(func(l *loop) { l.prepared(code, err) })
	}(l.ctx)
}

func (l *loop) prepared(code Code, err error) {
	l.preparing = false
	if err == nil && l.stopping {
		l.drop(l.generation(code))
		err = ErrStopped
	}
	if err != nil {
		l.finish(err)
		return
	}
	r := l.roll
	anew := l.refusal != ""
	if r.swap && !anew && code.ID != "" && code.ID == l.gen.code.ID {
		code.release()
		l.finish(nil)
		return
	}
	r.new = l.generation(code)
	if anew {
		l.startAnew(r)
	}
	l.step()
}

// StartError is why a restart failed: a worker of the new code did not get, or
// stay, ready.
type StartError struct {
	Worker int
	How    string // "exit status 1", "not ready within 1m0s", …
	Output string // the last lines it printed
}

func (e *StartError) Error() string {
	text := fmt.Sprintf("worker %d of the new code did not start: %s", e.Worker, e.How)
	if e.Output != "" {
		text += "\n" + e.Output
	}
	return text
}
