package server

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"
)

// outletSize bounds the log lines that wait for an output that takes none.
const outletSize = 4 << 20

// outlet is a writer of log lines that never blocks: what the output does not
// take in time is dropped, counted, and reported when it flows again.
type outlet struct {
	w      io.Writer
	report func(dropped int) string // a line that says so

	mu      sync.Mutex
	lines   []byte
	dropped int
	wake    chan struct{}
	closing chan struct{}
	done    chan struct{}
}

func newOutlet(w io.Writer) *outlet {
	o := &outlet{
		w:       w,
		report:  func(n int) string { return fmt.Sprintf("%d log lines were dropped: the output took none\n", n) },
		wake:    make(chan struct{}, 1),
		closing: make(chan struct{}),
		done:    make(chan struct{}),
	}
	go o.run()
	return o
}

// Write takes whole lines. It keeps a copy.
func (o *outlet) Write(b []byte) (int, error) {
	o.mu.Lock()
	if len(o.lines)+len(b) > outletSize {
		o.dropped += max(1, bytes.Count(b, []byte("\n")))
	} else {
		o.lines = append(o.lines, b...)
	}
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
	return len(b), nil
}

func (o *outlet) run() {
	defer close(o.done)
	var lines []byte
	for closing := false; !closing; {
		select {
		case <-o.wake:
		case <-o.closing:
			closing = true
		}
		o.mu.Lock()
		lines, o.lines = o.lines, lines[:0]
		dropped := o.dropped
		o.dropped = 0
		o.mu.Unlock()
		if len(lines) > 0 {
			_, _ = o.w.Write(lines) // nobody is left to be told that the log cannot be written
		}
		if dropped > 0 {
			_, _ = io.WriteString(o.w, o.report(dropped))
		}
	}
}

// Close writes what waits, unless the output takes nothing for a second.
func (o *outlet) Close() {
	close(o.closing)
	select {
	case <-o.done:
	case <-time.After(time.Second):
	}
}
