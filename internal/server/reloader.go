package server

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/reload"
)

// lookEvery is how often files are looked at where no request does it: with
// --watch, and while an app cannot start.
const lookEvery = 300 * time.Millisecond

// reloader brings changed code in. In module mode that is the swap way, for
// code that cannot be loaded anew inside a worker: the queue is held, the code
// is built once, new workers start, and the queue is released.
type reloader struct {
	s     *server
	swaps bool          // a change is noticed by the next request
	watch *reload.Watch // nil when nothing is looked at
	ctx   context.Context
	end   context.CancelFunc
	ended sync.WaitGroup

	busy atomic.Bool
	work sync.Mutex // one swap or restart at a time sees the files

	mu      sync.Mutex
	files   []string
	failure string        // why the code as it is now does not run, "" = it does
	over    chan struct{} // closed when the swap under way is over
}

// newReloader makes a reloader of an app that is not built yet, so that a
// change during the first build is noticed.
func newReloader(s *server) *reloader {
	r := &reloader{s: s}
	r.ctx, r.end = context.WithCancel(context.Background())
	if s.cfg.HotReload != config.ReloadNone {
		r.watch = reload.New(nil)
		r.swaps = s.cfg.HotReload == config.ReloadModule && s.app.Kind != "command"
	}
	return r
}

// start begins to look, once the app is built. Which files to look at takes a
// moment to find out, for which nobody waits.
func (r *reloader) start() {
	if r.watch == nil {
		return
	}
	r.ended.Add(1)
	go func() {
		defer r.ended.Done()
		r.work.Lock()
		r.files = r.list(nil)
		r.watch.Follow(r.files)
		r.work.Unlock()
		r.look()
	}()
}

func (r *reloader) stop() {
	r.end()
	r.ended.Wait()
}

// list returns the files that the code comes from; what they were before when
// that cannot be told now.
func (r *reloader) list(before []string) []string {
	files, err := r.s.app.Files(r.ctx)
	if err != nil {
		r.s.log.Warn("cannot list the files of the app", "error", err)
		return before
	}
	return files
}

// before returns what the entry calls before it hands a request on, nil when
// there is nothing to do.
func (r *reloader) before() func(browser bool) (page []byte) {
	if !r.swaps {
		return nil
	}
	return r.arrive
}

// arrive looks whether the code has changed, at most every 100 ms. A request
// that arrives during a swap waits in the queue; a browser's waits here, since
// it may be shown a page instead.
func (r *reloader) arrive(browser bool) (page []byte) {
	if r.watch.Due() && !r.busy.Load() && r.watch.Changed() {
		r.begin()
	}
	if !browser {
		return nil
	}
	r.mu.Lock()
	over := r.over
	r.mu.Unlock()
	if over != nil {
		select {
		case <-over:
		case <-r.ctx.Done():
		}
	}
	if failure := r.lastError(); failure != "" {
		return errorPage(r.s.cfg.Name, failure)
	}
	return nil
}

func (r *reloader) begin() {
	if !r.busy.CompareAndSwap(false, true) {
		return
	}
	r.s.socket.Hold()
	over := make(chan struct{})
	r.mu.Lock()
	r.over = over
	r.mu.Unlock()
	r.ended.Add(1)
	go func() {
		defer r.ended.Done()
		r.swap()
		r.mu.Lock()
		r.over = nil
		r.mu.Unlock()
		r.busy.Store(false)
		r.s.socket.Release()
		close(over)
	}()
}

// swap ends in the state that the files have when they have come to rest, so
// that a burst of changes is one reload.
func (r *reloader) swap() {
	for r.ctx.Err() == nil {
		r.watch.Settle(r.ctx)
		began := time.Now()
		err := r.serialise(func() error { return r.s.manager.Swap(r.ctx, nil) })
		if r.watch.Changed() {
			continue
		}
		r.note(err)
		if err != nil {
			r.s.log.Error("reload failed, the last good code goes on", "error", err)
		} else {
			r.s.log.Info("reloaded", "took", time.Since(began).Round(time.Millisecond))
		}
		return
	}
}

// serialise runs what reads the files of the app. What changes meanwhile counts
// as a change afterwards.
func (r *reloader) serialise(run func() error) error {
	r.work.Lock()
	defer r.work.Unlock()
	if r.watch == nil {
		return run()
	}
	r.watch.Reset(r.files)
	err := run()
	r.files = r.list(r.files)
	r.watch.Follow(r.files)
	return err
}

// look restarts the app when a file has changed and no request will notice:
// with --watch, and when no worker can start.
func (r *reloader) look() {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-ticker.C:
		}
		if !r.s.cfg.Watch && !r.s.manager.Failing() || r.busy.Load() || !r.watch.Changed() {
			continue
		}
		r.watch.Settle(r.ctx)
		r.s.log.Info("a file of the app has changed")
		err := r.serialise(func() error { return r.s.manager.Restart(r.ctx, nil) })
		r.note(err)
	}
}

func (r *reloader) restarted(err error) { r.note(err) }

func (r *reloader) note(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failure = ""
	if err != nil && r.ctx.Err() == nil {
		r.failure = err.Error()
	}
}

func (r *reloader) lastError() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failure
}
