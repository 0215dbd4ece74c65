package manager

import (
	"sync"
	"time"
)

const (
	maxBacklog  = 1 << 20 // bytes of output of one worker that wait to be written
	lineCost    = 64      // what an entry costs beside its text
	reportEvery = time.Second
)

// backlog holds what a worker printed until it is written elsewhere. When that
// is slower than the worker, lines are dropped and counted: a full pipe would
// stop the worker in the middle of a request.
type backlog struct {
	wake chan struct{}

	mu      sync.Mutex
	lines   []printed
	bytes   int
	dropped int
	closed  bool
}

type printed struct {
	label string
	text  []byte
}

func newBacklog() *backlog { return &backlog{wake: make(chan struct{}, 1)} }

// add copies the line.
func (b *backlog) add(label string, line []byte) {
	b.mu.Lock()
	cost := len(line) + lineCost
	if b.bytes+cost > maxBacklog {
		b.dropped++
	} else {
		b.bytes += cost
		b.lines = append(b.lines, printed{label, append([]byte(nil), line...)})
	}
	b.mu.Unlock()
	b.rouse()
}

// close lets deliver return when everything is written.
func (b *backlog) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.rouse()
}

func (b *backlog) rouse() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *backlog) take() (batch []printed, dropped int, closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch, dropped = b.lines, b.dropped
	b.lines, b.dropped = nil, 0
	return batch, dropped, b.closed
}

func (b *backlog) wrote(line printed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bytes -= len(line.text) + lineCost
}

// deliver writes lines until the backlog is closed, and tells report how many
// were dropped, at most once in reportEvery and at the end.
func (b *backlog) deliver(write func(printed), report func(dropped int)) {
	dropped := 0
	var reported time.Time
	for {
		batch, missed, closed := b.take()
		dropped += missed
		for _, line := range batch {
			write(line)
			b.wrote(line)
		}
		done := closed && len(batch) == 0
		if dropped > 0 && (done || time.Since(reported) >= reportEvery) {
			report(dropped)
			dropped, reported = 0, time.Now()
		}
		switch {
		case done:
			return
		case len(batch) > 0: // there may be more by now
		case dropped > 0:
			select {
			case <-b.wake:
			case <-time.After(reportEvery - time.Since(reported)):
			}
		default:
			<-b.wake
		}
	}
}
