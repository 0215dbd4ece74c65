package manager

import (
	"fmt"
	"log/slog"
	"runtime"
	"time"
)

const (
	weighEvery = 100 * time.Millisecond // who works is looked at
	weighIdle  = time.Second            // and who does not
)

// weighing is what is known of a worker's memory.
type weighing struct {
	at     time.Time
	done   uint64 // requests it had finished then
	heavy  string // why it is to be replaced, "" = it is not
	exempt bool   // see weighFirst
}

// limitsMemory tells whether there is anything to look at.
func (l *loop) limitsMemory() bool {
	c := &l.m.cfg
	if c.MaxMemory == 0 && c.MaxMemoryHard == 0 {
		return false
	}
	if _, ok := resident(0); !ok {
		l.log.Warn("the memory of workers cannot be limited on this system", slog.String("system", runtime.GOOS))
		return false
	}
	return true
}

// weighAll looks at the memory of all workers, and does so again after a while.
func (l *loop) weighAll() {
	if l.stopping {
		return
	}
	for w := range l.workers {
		if w.proc == nil || w.doomed {
			continue
		}
		_, _, running := w.proc.seat.Running()
		if running || w.proc.seat.Done() != w.weight.done || time.Since(w.weight.at) >= weighIdle {
			l.weigh(w)
		}
	}
	l.scales = l.after(weighEvery, l.weighAll)
}

// weigh does what the memory of one worker asks for: the larger limit kills
// it, the smaller lets it go on until its replacement is ready.
func (l *loop) weigh(w *worker) {
	w.weight.at, w.weight.done = time.Now(), w.proc.seat.Done()
	bytes, _ := resident(w.proc.cmd.Process.Pid)
	soft, hard := l.m.cfg.MaxMemory, l.m.cfg.MaxMemoryHard
	switch {
	case hard > 0 && bytes > hard:
		w.fault = fmt.Sprintf("killed at %s of memory, %s are allowed", megabytes(bytes), megabytes(hard))
		l.log.Error("worker killed", w.attrs(slog.String("why", w.fault))...)
		w.kill()
	case soft > 0 && bytes > soft && w.state == Ready && w.weight.heavy == "" && !w.weight.exempt:
		w.weight.heavy = fmt.Sprintf("%s of memory, %s are allowed", megabytes(bytes), megabytes(soft))
		l.tend(w.slot)
	}
}

// weighFirst spares a worker that is too large as soon as it is ready: so will
// be every other one, and nothing would be gained by recycling without end.
func (l *loop) weighFirst(w *worker) {
	soft := l.m.cfg.MaxMemory
	if bytes, _ := resident(w.proc.cmd.Process.Pid); soft > 0 && bytes > soft {
		w.weight.exempt = true
		l.log.Warn("worker needs more memory to start than is allowed, so it is not recycled for that",
			w.attrs(slog.String("memory", megabytes(bytes)), slog.String("allowed", megabytes(soft)))...)
	}
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }
