package manager

import (
	"cmp"
	"slices"
	"time"
)

// Worker is what is known of a worker at one moment. A slot whose next start
// waits for its backoff is a Worker that is Gone.
type Worker struct {
	Number     int // of its slot, from 1
	PID        int // 0 = no process
	State      State
	Reason     string        // why it is in this state, "" = nothing special
	Since      time.Time     // in this state
	Generation int           // of the code, from 1
	Requests   uint64        // finished
	Reloads    uint64        // of the code in the worker
	Code       uint64        // version of the code that it runs, as it counts them
	CPU        time.Duration // that its process has spent, 0 where that cannot be known
	Spent      bool          // it has run all it may, and stays until its replacement is ready
	Busy       bool          // it runs a request
	Running    time.Duration // for how long it was seen to, 0 = it was not yet
	Request    string        // the label of that request
	LastError  string        // why it could not load its code again, or why a worker of this slot failed last; "" once it has or the slot is stable
}

func (l *loop) snapshot() []Worker {
	var list []Worker
	for _, s := range l.slots {
		var mine []*worker
		for w := range l.workers {
			if w.slot == s {
				mine = append(mine, w)
			}
		}
		slices.SortFunc(mine, func(a, b *worker) int {
			return cmp.Or(s.rank(a)-s.rank(b), a.asked.Compare(b.asked))
		})
		for _, w := range mine {
			list = append(list, l.describe(w))
		}
		if len(mine) == 0 {
			list = append(list, Worker{
				Number: s.number, State: Gone, Reason: s.pause(), Since: s.emptied,
				Generation: s.gen.number, LastError: s.told(),
			})
		}
	}
	return list
}

func (l *loop) describe(w *worker) Worker {
	d := Worker{
		Number: w.slot.number, State: w.state, Reason: w.reason, Since: w.since,
		Generation: w.gen.number, LastError: w.slot.told(),
		Spent: w.spent && !w.parted,
	}
	if w == w.slot.next && w.state == Ready {
		d.Reason = "replaces another one soon"
	}
	if l.stable(w) {
		d.LastError = ""
	}
	if w.stale != "" {
		d.LastError = w.stale
	}
	if p := w.proc; p != nil {
		d.PID = p.cmd.Process.Pid
		d.CPU = spent(d.PID)
		d.Requests, d.Reloads, d.Code = p.seat.Done(), p.seat.Reloads(), p.seat.Code()
		d.Request, d.Running, d.Busy = p.seat.Running()
	}
	return d
}
