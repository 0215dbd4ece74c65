// Package reload notices that files which code was made from have changed. It
// looks when it is asked to and not in between, so that an idle server costs
// nothing, and answers from memory when it looked less than Interval ago.
package reload

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Interval is the time between two looks at the files.
	Interval = 100 * time.Millisecond

	// quiet is how long nothing may change before a burst of changes counts as
	// over: an editor that saves several files, a checkout.
	quiet = 30 * time.Millisecond

	// emptied is for how long a file that was emptied is taken for one that is
	// about to be written: most who save a file in its place do both. On a busy
	// machine quiet may pass between the two, and to be empty is no error in most
	// languages.
	emptied = time.Second

	// patience bounds the wait for quiet, for files that never come to rest.
	patience = 2 * time.Second

	// tick is how far the time that the kernel gives a file may lag behind the
	// clock.
	tick = 20 * time.Millisecond
)

// Watch is a set of files and how they were when they were last looked at. Its
// methods may be called from any goroutine.
type Watch struct {
	start  time.Time
	looked atomic.Int64 // when the last look that found no change began, ns since start

	mu      sync.Mutex
	then    picture
	list    []string
	reset   time.Time
	folders *folders // nil = nobody listens
}

// New returns a watch of these files, as they are now. Each is the absolute
// path of
//   - a file, which may not exist yet;
//   - a folder, which stands for the names of the source files in it, so that a
//     new one is noticed and what an app writes beside them is not;
//   - a pattern of filepath.Glob, which stands for the names that match.
func New(files []string) *Watch {
	w := &Watch{start: time.Now()}
	w.looked.Store(int64(-Interval))
	w.Reset(files)
	return w
}

// Reset makes the files as they are now what changes are told from. It is
// called before they are read, so that a change meanwhile is noticed.
func (w *Watch) Reset(files []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reset = time.Now()
	w.set(files, take(files))
}

// Follow makes these the files to look at. It is called when it is known which
// files were read after Reset: a change of any of them since Reset counts, also
// of one that was not in the list then.
func (w *Watch) Follow(files []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := take(files)
	for file, l := range now {
		if then, known := w.then[file]; known {
			now[file] = then
		} else if l.touched.After(w.reset.Add(-tick)) {
			now[file] = unseen
		}
	}
	w.set(files, now)
}

func (w *Watch) set(files []string, then picture) {
	w.list, w.then = files, then
	if w.folders != nil {
		w.folders.of(files)
	}
}

// Due tells whether somebody who came at that time needs a look at the files:
// the last one that found no change had begun Interval or more before. So who
// comes Interval after a change never misses it. When nothing is due it costs a
// look at the clock.
func (w *Watch) Due(came time.Time) bool {
	return came.Sub(w.start) >= time.Duration(w.looked.Load())+Interval
}

// Changed looks at the files.
func (w *Watch) Changed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	began := time.Since(w.start)
	if !w.then.same(take(w.list)) {
		return true
	}
	w.looked.Store(int64(began))
	return false
}

// Settle returns when the files have been at rest for a moment, or ctx ends.
func (w *Watch) Settle(ctx context.Context) {
	w.mu.Lock()
	list := w.list
	w.mu.Unlock()
	end := time.Now().Add(patience)
	settle(list, func() bool {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(quiet):
			return time.Now().Before(end)
		}
	})
}

// settle looks until two looks in a row are the same. pause is what happens
// between them; it returns false to give up.
func settle(list []string, pause func() bool) {
	last := take(list)
	for pause() {
		now := take(list)
		if now.same(last) && !now.halfSaved() {
			return
		}
		last = now
	}
}
