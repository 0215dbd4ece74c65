package webapi

import (
	"container/heap"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// Loop holds the work that waits for the engine's goroutine: completions that
// other goroutines post, and timers. Whoever owns the engine drives it: it
// waits for Wake, or until Next, and then calls Turn.
//
// Post, Go and Wake may be called from any goroutine. Everything else belongs
// to the engine's goroutine.
type Loop struct {
	mu     sync.Mutex
	posted []func()
	wake   chan struct{}

	ctx    context.Context
	cancel context.CancelFunc

	timers  timerHeap
	byID    map[int]*timer
	started int
	pending int

	fire func(id int) // runs the callback of a timer
	jobs func()       // runs the promise jobs that the last callback left
}

// NewLoop returns a loop with nothing in it.
func NewLoop() *Loop {
	ctx, cancel := context.WithCancel(context.Background())
	return &Loop{
		wake:   make(chan struct{}, 1),
		ctx:    ctx,
		cancel: cancel,
		byID:   map[int]*timer{},
		fire:   func(int) {},
		jobs:   func() {},
	}
}

// Close ends what is under way for this loop, such as outgoing requests. What
// is posted afterwards never runs.
func (l *Loop) Close() { l.cancel() }

// Post hands run to the engine's goroutine.
func (l *Loop) Post(run func()) {
	l.mu.Lock()
	l.posted = append(l.posted, run)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Go does work on a goroutine of its own, and then what work returned on the
// engine's. The context ends with the loop.
func (l *Loop) Go(work func(context.Context) (done func())) {
	l.pending++
	go func() {
		done := work(l.ctx)
		l.Post(func() {
			l.pending--
			done()
		})
	}()
}

// Wake is readable when something was posted since the last Turn.
func (l *Loop) Wake() <-chan struct{} { return l.wake }

// Next is when the earliest timer is due; false without timers.
func (l *Loop) Next() (time.Time, bool) {
	if len(l.timers) == 0 {
		return time.Time{}, false
	}
	return l.timers[0].due, true
}

// Pending counts what Go has under way.
func (l *Loop) Pending() int { return l.pending }

// Timers counts the timers that are set.
func (l *Loop) Timers() int { return len(l.timers) }

// Turn runs what was posted and the timers that are due, and after each of
// them the promise jobs that it left. It reports whether it ran anything. What
// these callbacks post or set is left to the next turn, so that a turn ends.
func (l *Loop) Turn() bool {
	l.mu.Lock()
	posted := l.posted
	l.posted = nil
	l.mu.Unlock()
	last := l.started
	if l.ctx.Err() != nil {
		return false
	}
	ran := len(posted) > 0
	for _, run := range posted {
		run()
		l.jobs()
	}
	now := time.Now()
	for len(l.timers) > 0 {
		t := l.timers[0]
		if t.due.After(now) || t.order > last {
			break
		}
		l.stopTimer(t.id)
		ran = true
		l.fire(t.id)
		l.jobs()
	}
	return ran
}

// startTimer sets the timer id to fire once, after a while.
func (l *Loop) startTimer(id int, after time.Duration) {
	l.started++
	t := &timer{id: id, due: time.Now().Add(after), order: l.started}
	l.byID[id] = t
	heap.Push(&l.timers, t)
}

// stopTimer forgets a timer; an unknown one is no error.
func (l *Loop) stopTimer(id int) {
	if t, ok := l.byID[id]; ok {
		heap.Remove(&l.timers, t.index)
		delete(l.byID, id)
	}
}

// serve makes the loop that of an engine. What callbacks throw goes to failed.
func (l *Loop) serve(e *quickjs.Engine, rip quickjs.Value, failed func(*quickjs.Error)) {
	report := func(err error) {
		if thrown := (*quickjs.Error)(nil); errors.As(err, &thrown) {
			failed(thrown)
		}
	}
	l.fire = func(id int) {
		result, err := rip.Call("fireTimer", id)
		result.Free()
		report(err)
	}
	l.jobs = func() { report(e.RunJobs()) }
}

// host returns the functions for timers/10-timers.js.
func (l *Loop) host() map[string]quickjs.Func {
	return map[string]quickjs.Func{
		"startTimer": func(args []quickjs.Value) (any, error) {
			l.startTimer(args[0].Int(), time.Duration(args[1].Int())*time.Millisecond)
			return nil, nil
		},
		"stopTimer": func(args []quickjs.Value) (any, error) {
			l.stopTimer(args[0].Int())
			return nil, nil
		},
	}
}
