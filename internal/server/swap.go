package server

import (
	"time"

	"github.com/rip-server/rip-server/internal/config"
)

// mostRounds bounds how often a swap begins again because files have changed
// meanwhile: an app may write them itself, and requests wait.
const mostRounds = 10

// swap is a change of the code that requests wait for. It is the way of
// languages that cannot load code anew inside a worker: the queue is held, the
// code is built once, new workers start, and the queue is released.
type swap struct {
	over chan struct{} // closed when requests need not wait any more
	down bool          // the old code cannot answer either
}

// before returns what the entry calls before it hands a request on, nil when
// there is nothing to do.
func (r *reloader) before() func(browser bool) (page []byte) {
	switch {
	case r.swaps:
		return r.arrive
	case r.loads:
		return r.revive
	}
	return nil
}

// revive looks whether the code has changed while no worker can start, at most
// every 100 ms: workers that load it themselves would notice, but there are none.
// The request waits then for those that start.
func (r *reloader) revive(browser bool) (page []byte) {
	if !r.s.socket.NoWorkers() {
		return nil
	}
	if came := time.Now(); r.watch.Due(came) {
		r.renew(came)
	}
	if !browser || r.s.cfg.Env != config.Development || !r.s.socket.NoWorkers() {
		return nil
	}
	return errorPage(r.s.cfg.Name, r.lastError(r.s.manager.Workers()), true)
}

// arrive looks whether the code has changed, at most every 100 ms. During a
// swap requests wait in the queue, where their order and their number are taken
// care of. But those wait here that may never get there: a browser's, which may
// be shown a page instead, and all of them when the queue takes none because
// nothing could start so far.
func (r *reloader) arrive(browser bool) (page []byte) {
	if came := time.Now(); r.watch.Due(came) {
		r.renew(came)
	}
	browser = browser && r.s.cfg.Env == config.Development
	r.mu.Lock()
	swap := r.swap
	r.mu.Unlock()
	if swap != nil && (browser || swap.down) {
		select {
		case <-swap.over:
		case <-r.ctx.Done():
		}
	}
	if !browser {
		return nil
	}
	down := r.s.manager.Failing()
	failure := r.broken()
	if failure == "" && down {
		failure = r.lastError(r.s.manager.Workers())
	}
	if failure == "" {
		return nil
	}
	return errorPage(r.s.cfg.Name, failure, down)
}

// beginSwap holds the queue and swaps the code. It is called with work held,
// which is free again when the swap is over.
func (r *reloader) beginSwap() {
	if !r.begin() {
		r.work.Unlock()
		return
	}
	swap := &swap{over: make(chan struct{}), down: r.s.manager.Failing()}
	r.s.socket.Hold()
	r.mu.Lock()
	r.swap = swap
	r.mu.Unlock()
	go func() {
		defer r.ended.Done()
		r.run()
		r.mu.Lock()
		r.swap = nil
		r.mu.Unlock()
		r.s.socket.Release()
		close(swap.over)
		r.work.Unlock()
	}()
}

// run ends in the state that the files have when they have come to rest, so
// that a burst of changes is one reload.
func (r *reloader) run() {
	for round := 1; ; round++ {
		r.watch.Settle(r.ctx)
		began := time.Now()
		err := r.read(func() error { return r.s.manager.Swap(r.ctx, nil) })
		if r.ctx.Err() != nil {
			return
		}
		if r.watch.Changed() && round < mostRounds {
			continue
		}
		r.note(err) // which the manager has logged
		if err == nil {
			r.s.log.Info("reloaded", "took", time.Since(began).Round(time.Millisecond))
		}
		return
	}
}
