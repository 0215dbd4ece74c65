package manager

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
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
	polled  [2]unix.PollFd // of the readers
	writers []*os.File     // the worker's standard output and error
	read    chan struct{}  // closed at the end of both pipes
	written chan struct{}  // closed when the last line was delivered
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
			for _, r := range o.readers {
				r.file.Close()
			}
			return nil, fmt.Errorf("make a pipe for output: %w", err)
		}
		o.readers = append(o.readers, newPipeReader(o, r, i == 1))
		o.writers = append(o.writers, w)
	}
	for i, r := range o.readers {
		o.polled[i] = unix.PollFd{Fd: r.descriptor(), Events: unix.POLLIN}
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
	for _, r := range o.readers {
		r.file.Close()
	}
	<-o.read
}

// unread tells whether something is printed that was not read yet. It is asked
// for every request, so it is one system call for both pipes. When they are
// closed already the answer is worth nothing and does no harm: readNow looks.
func (o *output) unread() bool {
	fds := o.polled
	n, err := unix.Poll(fds[:], 0)
	return err == nil && n > 0 && (fds[0].Revents|fds[1].Revents)&unix.POLLIN != 0
}

// readNow reads what is printed, on behalf of the request with that label.
func (o *output) readNow(label string) {
	for _, r := range o.readers {
		r.readNow(label)
	}
}
