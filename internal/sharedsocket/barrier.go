package sharedsocket

import (
	"sync"
	"time"
)

// gather is how long a barrier waits for company: those who ask at the same
// moment, such as for all workers of a generation, then need one and not two.
const gather = 100 * time.Microsecond

// barrier runs functions after a full memory barrier on all processors. Calls
// that come while one is under way share the next one, so that its 14 ms are
// paid once for all of them.
type barrier struct {
	fence func() // membarrier(2), or the best there is

	mu      sync.Mutex
	pending []func()
	running bool
}

// after runs f in another goroutine once every store that was made before this
// call is visible to every process, and every store that a process made before
// it looked at older values is visible here.
func (b *barrier) after(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pending = append(b.pending, f)
	if !b.running {
		b.running = true
		go b.run()
	}
}

func (b *barrier) run() {
	for {
		time.Sleep(gather)
		b.mu.Lock()
		batch := b.pending
		b.pending = nil
		if len(batch) == 0 {
			b.running = false
			b.mu.Unlock()
			return
		}
		b.mu.Unlock()
		b.fence()
		for _, f := range batch {
			f()
		}
	}
}

// wait returns after a full barrier.
func (b *barrier) wait() {
	done := make(chan struct{})
	b.after(func() { close(done) })
	<-done
}
