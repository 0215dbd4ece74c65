// Package accesslog writes one line for each request, for people or as JSON.
package accesslog

import (
	"errors"
	"io"
	"sync"
	"time"
)

// Format is how a line looks.
type Format int

const (
	Human Format = iota // for people; see human.go
	JSON                // one object a line; see json.go
)

func (f Format) String() string {
	if f == JSON {
		return "json"
	}
	return "human"
}

const (
	bufferSize = 1 << 20                // lines that wait for the output, in bytes
	pause      = 10 * time.Millisecond  // between two writes, so that a busy log is written in batches
	retryFirst = 100 * time.Millisecond // after a failed write, doubled up to retryLast
	retryLast  = 2 * time.Second
	closeGrace = time.Second // how long Close waits for an output that is stuck
)

// ErrStuck is returned by Close when the output took no more bytes.
var ErrStuck = errors.New("the access log's output is stuck")

// Log is an access log. Its methods may be called from any goroutine.
//
// Write never waits for the output: lines collect in a buffer, and a goroutine
// hands them on. When the output takes nothing for so long that the buffer is
// full, or fails, further lines are dropped and counted, and once it flows
// again a line in the log says how many were.
type Log struct {
	w      io.Writer
	app    string
	format Format
	grace  time.Duration // how long Close waits

	wake    chan struct{} // the buffer is no longer empty
	half    chan struct{} // the buffer is half full: do not pause
	closing chan struct{}
	done    chan struct{} // the flusher has ended

	mu       sync.Mutex
	buf      []byte // capacity never changes; swapped with the flusher's
	clock    clock
	dropped  uint64
	reported uint64
	closed   bool
	lost     bool // the output did not take everything before the end
}

// New returns a log that writes to w. Each Write on w is one or more whole
// lines, unless w itself takes less than it was given.
func New(w io.Writer, app string, f Format) *Log {
	l := &Log{
		w:       w,
		app:     app,
		format:  f,
		grace:   closeGrace,
		wake:    make(chan struct{}, 1),
		half:    make(chan struct{}, 1),
		closing: make(chan struct{}),
		done:    make(chan struct{}),
		buf:     newBuffer(app),
	}
	go l.flush()
	return l
}

// Write adds a line for r. It neither blocks nor allocates. After Close it
// does nothing.
func (l *Log) Write(r *Record) {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return
	}
	before := len(l.buf)
	if before+l.bound(r) > bufferSize {
		l.dropped++
		l.mu.Unlock()
		return
	}
	if l.format == JSON {
		l.buf = appendJSON(l.buf, l.clock.stamp(r.Time, 'T'), l.app, r)
	} else {
		l.buf = appendHuman(l.buf, l.clock.stamp(r.Time, ' '), r)
	}
	after := len(l.buf)
	l.mu.Unlock()

	if before == 0 {
		poke(l.wake)
	}
	if before < bufferSize/2 && after >= bufferSize/2 {
		poke(l.half)
	}
}

// Dropped returns how many lines were dropped so far.
func (l *Log) Dropped() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dropped
}

// Close writes what is left and ends the log; it does not close the writer.
// When the output does not take the rest within a second, Close gives up and
// returns ErrStuck.
func (l *Log) Close() error {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.closing)
	}
	l.mu.Unlock()
	grace := time.NewTimer(l.grace)
	defer grace.Stop()
	select {
	case <-l.done:
	case <-grace.C:
		return ErrStuck
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost {
		return ErrStuck
	}
	return nil
}

// bound returns a number of bytes that the line for r does not exceed.
func (l *Log) bound(r *Record) int {
	return fixedBound + textBound(l.app) + textBound(r.Method) + textBound(r.Path) + textBound(r.Type) +
		textBound(r.ID) + textBound(r.Client) + textBound(r.Reason)
}

// fixedBound is more bytes than everything in a line that is not text from
// outside.
const fixedBound = 512

// newBuffer returns a buffer with room for the report of dropped lines after
// bufferSize bytes.
func newBuffer(app string) []byte {
	return make([]byte, 0, bufferSize+fixedBound+textBound(app))
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
