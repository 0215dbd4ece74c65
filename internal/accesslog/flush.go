package accesslog

import (
	"bytes"
	"time"
)

// flush hands the lines on until the log is closed. A line that comes after a
// quiet time is written at once, further ones together after a pause: under
// load that is one system call for many requests.
func (l *Log) flush() {
	defer close(l.done)
	lines := newBuffer(l.app)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		closing := false
		select {
		case <-l.wake:
		case <-l.closing:
			closing = true
		}
		lines = l.swap(lines[:0])
		if !l.deliver(lines) || closing {
			return
		}
		timer.Reset(pause)
		select {
		case <-timer.C:
		case <-l.half:
		case <-l.closing:
		}
	}
}

// swap returns the lines that wait, followed by a report of those dropped
// since, and leaves the empty buffer in their place.
func (l *Log) swap(empty []byte) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := l.buf
	l.buf = empty
	if n := l.dropped - l.reported; n > 0 {
		l.reported = l.dropped
		if l.format == JSON {
			lines = appendDroppedJSON(lines, l.clock.stamp(time.Now(), 'T'), l.app, n)
		} else {
			lines = appendDroppedHuman(lines, l.clock.stamp(time.Now(), ' '), n)
		}
	}
	return lines
}

// deliver writes all of b. A writer that fails is tried again with the rest,
// since a full disk or a full pipe may pass. It returns false when the log was
// closed before the writer took everything.
func (l *Log) deliver(b []byte) bool {
	retry := retryFirst
	for len(b) > 0 {
		n, err := l.w.Write(b)
		b = b[min(max(n, 0), len(b)):]
		if n > 0 {
			retry = retryFirst
		}
		if err == nil && n > 0 || len(b) == 0 {
			continue
		}
		select {
		case <-time.After(retry):
			retry = min(2*retry, retryLast)
		case <-l.closing:
			l.lose(b)
			return false
		}
	}
	return true
}

// lose counts what will never be written: the rest b and what waits behind it.
func (l *Log) lose(b []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost = true
	l.dropped += uint64(bytes.Count(b, []byte("\n")) + bytes.Count(l.buf, []byte("\n")))
}
