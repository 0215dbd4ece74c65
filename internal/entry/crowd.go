package entry

import "sync"

// patience is for how many ticks a worker waits for room in memory before a
// file takes the rest of its reply. It is the time in which a client that
// keeps up with the worker has always taken something.
const patience = 2

// crowd is the exchanges whose workers wait.
type crowd struct {
	mu      sync.Mutex
	waiting []waiting
}

type waiting struct {
	x     *exchange
	since uint64
}

func (w *crowd) add(x *exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = append(w.waiting, waiting{x, x.e.clock.now()})
}

// relieve ends the waits that have lasted. An exchange that is over by now, or
// in use again, takes no harm.
func (w *crowd) relieve(now uint64) {
	for {
		w.mu.Lock()
		if len(w.waiting) == 0 || now-w.waiting[0].since < patience {
			w.mu.Unlock()
			return
		}
		x := w.waiting[0].x
		w.waiting[0].x = nil
		w.waiting = w.waiting[1:]
		w.mu.Unlock()
		x.hurry()
	}
}
