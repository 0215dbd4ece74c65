package jsworker

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// watchdog waits for SIGQUIT, with which the server asks a worker that hangs
// where it does. It interrupts what runs, and the error of that knows.
type watchdog struct {
	asked chan struct{}
	hangs atomic.Bool
	deaf  time.Duration // how long the engine may take to notice

	mu  sync.Mutex
	app *app
}

// The engine does not notice while a function of Go runs. The server waits for a
// second.
func newWatchdog() *watchdog {
	return &watchdog{asked: make(chan struct{}), deaf: 500 * time.Millisecond}
}

// watch makes a the app that is asked.
func (w *watchdog) watch(a *app) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.app = a
}

// wait ends the process after the first signal.
func (w *watchdog) wait(signals <-chan os.Signal) {
	<-signals
	w.hangs.Store(true)
	w.mu.Lock()
	if w.app != nil {
		w.app.engine.Interrupt()
	}
	w.mu.Unlock()
	close(w.asked)
	time.Sleep(w.deaf)
	buf := make([]byte, 64<<10)
	fmt.Fprintf(os.Stderr, "SIGQUIT: no JavaScript runs\n%s\n", buf[:runtime.Stack(buf, true)])
	os.Exit(exitHung)
}

// mostReactions is how many of them are run to learn where one was. The engine
// notices an interruption every ten thousand jumps and calls.
const mostReactions = 20_000

// exitHung is the status of a Go program that SIGQUIT has ended.
const exitHung = 2

// hung ends the process when err comes from the interruption of the watchdog.
func (a *app) hung(err *quickjs.Error) {
	if !a.guard.hangs.Load() || !errors.Is(err, quickjs.ErrInterrupted) {
		return
	}
	if err.Stack == "" && !a.searching {
		// It was a reaction of a promise. The next that is interrupted has a stack,
		// or rejects its promise with what has one.
		a.searching = true
		for range mostReactions {
			if thrown := (*quickjs.Error)(nil); errors.As(a.engine.RunJobs(), &thrown) && thrown.Stack != "" {
				err = thrown
				break
			}
		}
		a.unhandled()
	}
	_, stack, found := strings.Cut(a.trace.text(err), "\n")
	if !found {
		stack = "reactions of promises (await) without end"
	}
	fmt.Fprintf(a.stderr, "SIGQUIT: %s has not ended. It runs\n%s\n", a.what(), stack)
	os.Exit(exitHung)
}

// waits ends the process when it was asked while no JavaScript runs.
func (a *app) waits() {
	fmt.Fprintf(a.stderr, "SIGQUIT: %s has not ended. No JavaScript runs; it waits for %d timers and %d answers\n",
		a.what(), a.loop.Timers(), a.loop.Pending())
	os.Exit(exitHung)
}

// what says what is under way.
func (a *app) what() string {
	switch {
	case a.current != nil:
		return a.current.r.Method + " " + a.current.r.RequestURI
	case a.background > 0:
		return "what was given to waitUntil"
	}
	return "the app"
}
