package server

import (
	"context"
	"sync"
	"time"

	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/manager"
	"github.com/rip-server/rip-server/internal/reload"
)

// lookEvery is how often files are looked at where no request does it: with
// --watch, and while workers cannot start.
const lookEvery = 300 * time.Millisecond

// reloader brings changed code in: by a restart that somebody asks for, by one
// that a changed file asks for, or by a swap (swap.go).
type reloader struct {
	s     *server
	swaps bool          // a change is noticed by the next request
	loads bool          // a change is noticed by the workers, which load it themselves
	watch *reload.Watch // nil when nothing is looked at
	ctx   context.Context
	end   context.CancelFunc
	ended sync.WaitGroup

	work  sync.Mutex // held while code is read: by one restart or swap at a time
	files []string   // guarded by work

	gate sync.Mutex // held by whoever looks, see renew

	mu      sync.Mutex
	failure string // see broken
	swap    *swap  // under way, nil = none
}

// newReloader makes a reloader of an app that is about to be built, so that a
// change during the first build is noticed. Meanwhile it finds out which files
// to look at; whoever would look waits for that.
func newReloader(s *server) *reloader {
	r := &reloader{s: s}
	r.ctx, r.end = context.WithCancel(context.Background())
	if s.cfg.HotReload == config.ReloadModule {
		r.loads = s.app.LoadsItself
		r.swaps = !r.loads
	}
	if s.cfg.HotReload == config.ReloadNone {
		return r
	}
	r.watch = reload.New(nil)
	r.gate.Lock()
	r.ended.Go(func() {
		defer r.gate.Unlock()
		r.work.Lock()
		defer r.work.Unlock()
		r.follow()
	})
	return r
}

// start begins to look where no request does it.
func (r *reloader) start() {
	if r.watch != nil {
		r.ended.Go(r.look)
	}
}

func (r *reloader) stop() {
	r.mu.Lock()
	r.end()
	r.mu.Unlock()
	r.ended.Wait()
}

// begin counts one more thing that stop has to wait for; it returns false when
// there is to be none any more.
func (r *reloader) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil {
		return false
	}
	r.ended.Add(1)
	return true
}

// follow finds out which files the code comes from. What it was before is the
// best guess when that cannot be told now.
func (r *reloader) follow() {
	files, err := r.s.app.Files(r.ctx)
	switch {
	case err == nil:
		r.files = files
	case r.ctx.Err() == nil:
		r.s.log.Warn("cannot list the files of the app", "error", err)
	}
	r.watch.Follow(r.files)
}

// read runs what reads the files of the app, with work held. What changes
// meanwhile counts as a change afterwards.
func (r *reloader) read(run func() error) error {
	if r.watch == nil {
		return run()
	}
	r.watch.Reset(r.files)
	err := run()
	r.follow()
	return err
}

// restart replaces all workers because somebody asked for it. When the asker
// goes it goes on.
func (r *reloader) restart(ctx context.Context, progress func(string)) error {
	r.work.Lock()
	defer r.work.Unlock()
	err := r.read(func() error { return r.s.manager.Restart(context.WithoutCancel(ctx), progress) })
	if !r.loads { // else it may be mended without anybody telling
		r.note(err)
	}
	return err
}

// look renews the app when a file has changed and no request will notice: with
// --watch, and when workers cannot start.
func (r *reloader) look() {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	var woken <-chan struct{}
	if r.s.cfg.Watch {
		woken = r.watch.Listen(r.ctx)
	}
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-ticker.C:
		case <-woken:
		}
		if r.s.cfg.Watch || r.s.manager.Failing() || r.loads && r.s.manager.Waiting() {
			r.renew(time.Now())
		}
	}
}

// renew looks at the files, unless somebody has done so since the caller came,
// or is about to read them, and brings them in when they have changed. Who comes
// while another one looks waits for what that finds, so that nobody who comes
// 100 ms after a change gets the old code.
func (r *reloader) renew(came time.Time) {
	r.gate.Lock()
	defer r.gate.Unlock()
	if !r.watch.Due(came) || !r.work.TryLock() {
		return
	}
	if !r.watch.Changed() {
		r.work.Unlock()
		return
	}
	if r.swaps {
		r.beginSwap()
		return
	}
	defer r.work.Unlock()
	r.watch.Settle(r.ctx)
	r.s.log.Info("a file of the app has changed")
	if r.loads {
		_ = r.read(func() error { r.s.manager.Retry(); return nil })
		return
	}
	// The manager logs how it went.
	r.note(r.read(func() error { return r.s.manager.Restart(r.ctx, nil) }))
}

func (r *reloader) note(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failure = ""
	if err != nil && r.ctx.Err() == nil {
		r.failure = err.Error()
	}
}

// broken says why the code as it is now does not run, "" = it does.
func (r *reloader) broken() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failure
}

// lastError says what is wrong: with the code as it is now, or with a worker.
func (r *reloader) lastError(workers []manager.Worker) string {
	if failure := r.broken(); failure != "" {
		return failure
	}
	for _, w := range workers {
		if w.LastError != "" {
			return w.LastError
		}
	}
	return ""
}
