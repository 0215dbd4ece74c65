package manager

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rip-server/rip-server/internal/nowait"
)

// output captures what one worker prints, on pipes of its own: those of
// os/exec would keep Wait from returning while a child of the worker has them
// open.
type output struct {
	label   func() string          // the request that the worker runs now
	fixed   atomic.Pointer[string] // when set, the label whatever the worker runs
	backlog *backlog
	tail    tail

	transcript *transcript // nil = none is kept

	readers []*pipeReader
	arrival *nowait.Arrival // at the readers
	writers []*os.File      // the worker's standard output and error
	read    chan struct{}   // closed at the end of both pipes
	written chan struct{}   // closed when the last line was delivered
}

// newOutput makes the pipes and begins to read. write and report are called
// from one goroutine.
func newOutput(label func() string, kept *transcript, write func(printed), report func(dropped int)) (*output, error) {
	o := &output{
		label:      label,
		transcript: kept,
		backlog:    newBacklog(),
		read:       make(chan struct{}),
		written:    make(chan struct{}),
	}
	for i := range 2 {
		r, w, err := os.Pipe()
		if err != nil {
			o.started()
			o.closeReaders()
			return nil, fmt.Errorf("make a pipe for output: %w", err)
		}
		o.readers = append(o.readers, newPipeReader(o, r, i == 1))
		o.writers = append(o.writers, w)
	}
	var err error
	if o.arrival, err = nowait.NewArrival([2]int{o.readers[0].descriptor(), o.readers[1].descriptor()}); err != nil {
		o.started()
		o.closeReaders()
		return nil, fmt.Errorf("watch a pipe for output: %w", err)
	}
	var both sync.WaitGroup
	for _, r := range o.readers {
		both.Go(r.drain)
	}
	go func() {
		both.Wait()
		o.backlog.close()
		close(o.read)
	}()
	go func() {
		defer close(o.written)
		o.backlog.deliver(write, report)
	}()
	return o, nil
}

// started closes the server's copies of the worker's ends.
func (o *output) started() {
	for _, w := range o.writers {
		w.Close()
	}
}

// fix sets the label of everything that is read from now on.
func (o *output) fix(label string) { o.fixed.CompareAndSwap(nil, &label) }

// labelNow returns the label of what is read now.
func (o *output) labelNow() string {
	if fixed := o.fixed.Load(); fixed != nil {
		return *fixed
	}
	return o.label()
}

// finish returns at the end of both pipes, or after the grace when a child of
// the worker holds them open; its output goes nowhere then.
func (o *output) finish(grace time.Duration) {
	select {
	case <-o.read:
	case <-time.After(grace):
	}
	o.closeReaders()
	<-o.read
}

func (o *output) closeReaders() {
	for _, r := range o.readers {
		r.file.Close()
	}
}

// unread tells whether something is printed that was not read yet. It is asked
// for every request.
func (o *output) unread() bool { return o.arrival.Any() }

// readNow reads what is printed, on behalf of the request with that label.
func (o *output) readNow(label string) {
	for _, r := range o.readers {
		r.readNow(label)
	}
}
