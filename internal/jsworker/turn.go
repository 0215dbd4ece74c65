package jsworker

import (
	"errors"
	"time"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// turn runs what is due in the app. When nothing is, it waits, for the request
// that runs if there is one. It returns false when nothing can come any more.
func (a *app) turn(x *exchange) bool {
	if a.loop.Turn() {
		a.unhandled()
		return true
	}
	due, timed := a.loop.Next()
	if !timed && a.loop.Pending() == 0 {
		return false
	}
	var gone <-chan struct{}
	if x != nil {
		x.flush()
		if !x.left {
			gone = x.r.Context().Done()
		}
	}
	var timer <-chan time.Time
	if timed {
		a.timer.Reset(time.Until(due))
		timer = a.timer.C
	}
	select {
	case <-a.loop.Wake():
	case <-timer:
	case <-gone:
		x.parted()
	case <-a.guard.asked:
		a.waits()
	}
	return true
}

func (a *app) runJobs() {
	if thrown := (*quickjs.Error)(nil); errors.As(a.engine.RunJobs(), &thrown) {
		a.failed(thrown)
	}
	a.unhandled()
}

// after waits for what was given to waitUntil, before the next request.
func (a *app) after() {
	if a.tending != nil {
		return // the app has not seen this request
	}
	if a.background > 0 {
		a.printed.begin()
		for a.background > 0 {
			if !a.turn(nil) {
				a.background = 0 // it can never end
			}
		}
		a.printed.end()
	}
	a.tend()
}

// tending is a goroutine that has the engine between two requests.
type tending struct{ stop, stopped chan struct{} }

// tend lets timers and answers come between two requests, if any can.
func (a *app) tend() {
	if a.loop.Timers() == 0 && a.loop.Pending() == 0 {
		return
	}
	t := &tending{make(chan struct{}), make(chan struct{})}
	a.tending = t
	go func() {
		defer close(t.stopped)
		for {
			if a.loop.Turn() {
				a.unhandled()
			}
			due, timed := a.loop.Next()
			if !timed && a.loop.Pending() == 0 {
				return
			}
			var timer <-chan time.Time
			if timed {
				a.timer.Reset(time.Until(due))
				timer = a.timer.C
			}
			select {
			case <-t.stop:
				return
			case <-a.loop.Wake():
			case <-timer:
			}
		}
	}()
}

// untend takes the engine back.
func (a *app) untend() {
	if t := a.tending; t != nil {
		close(t.stop)
		<-t.stopped
		a.tending = nil
	}
}
