package sharedsocket

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/rip-server/rip-server/internal/http1"
)

const (
	// suspicion is how long a death counts against a request, and how long it
	// is remembered that a quarantine has ended.
	suspicion = time.Minute

	// longest is how many times longer than at first a quarantine may become.
	longest = 4

	maxSuspects = 1024
)

// QuarantineError is why a request was not taken that killed two workers.
type QuarantineError struct {
	Left time.Duration // until it is tried again
}

func (e *QuarantineError) Error() string {
	return fmt.Sprintf("%v; it is tried again in %d s", ErrQuarantined, e.Seconds())
}

// Seconds returns the time that is left, rounded up.
func (e *QuarantineError) Seconds() int { return int((e.Left-1)/time.Second) + 1 }

// Is makes it an ErrQuarantined.
func (e *QuarantineError) Is(target error) bool { return target == ErrQuarantined }

// quarantine keeps a request that kills workers from being fed to one after the
// other. Two deaths within a minute put the very same request under quarantine.
// When that has ended one is let through, on trial: while it runs, and when it
// kills again, the others stay out; when it gets an answer all is forgotten.
//
// The same request is one with the same request line, fields and body, less
// what belongs to one sending alone (see passing). So nobody can have other
// people's requests refused, as they could if a poisoned field were left out.
// Of a body that travels in a file only its length counts.
type quarantine struct {
	first time.Duration // 0 = off
	seed  maphash.Seed
	armed atomic.Int32 // suspects under quarantine; while there are none, no request is looked at

	// Guarded by Socket.mu.
	suspects map[uint64]*suspect // by fingerprint
}

// suspect is a request that killed a worker.
type suspect struct {
	last   uint64        // when it last did
	until  uint64        // end of the quarantine, 0 = there is none yet
	period time.Duration // length of it
}

func newQuarantine(first time.Duration) quarantine {
	return quarantine{first: first, seed: maphash.MakeSeed(), suspects: make(map[uint64]*suspect)}
}

// passing are the fields that differ each time the same request is sent.
var passing = [][]byte{[]byte("X-Request-Id"), []byte("X-Request-Start"), []byte("Traceparent"), []byte("Tracestate")}

// fingerprint is never 0.
func (q *quarantine) fingerprint(x *Exchange) uint64 {
	var h maphash.Hash
	h.SetSeed(q.seed)
	head, body, _ := x.Message()
	for line := range bytes.Lines(head) {
		if !passes(line) {
			h.Write(line)
		}
	}
	h.Write(body)
	return h.Sum64() | 1
}

func passes(line []byte) bool {
	for _, name := range passing {
		if len(line) > len(name) && line[len(name)] == ':' && http1.EqualFold(line[:len(name)], string(name)) {
			return true
		}
	}
	return false
}

// look returns the fingerprint of a request, 0 while that is of no interest.
func (q *quarantine) look(x *Exchange) uint64 {
	if q.armed.Load() == 0 {
		return 0
	}
	return q.fingerprint(x)
}

// admit returns a *QuarantineError, or the fingerprint when the request is on
// trial.
func (q *quarantine) admit(print, now uint64) (trial uint64, err error) {
	p := q.suspects[print]
	switch {
	case p == nil || p.until == 0:
		return 0, nil
	case now < p.until:
		return 0, &QuarantineError{Left: time.Duration(p.until - now)}
	}
	p.until = now + uint64(p.period)
	return print, nil
}

// strike notes a death, and tells whether a quarantine begins with it.
func (q *quarantine) strike(print, now uint64, trial bool) (begins bool) {
	p := q.suspects[print]
	if p == nil || p.until == 0 && now-p.last > uint64(suspicion) {
		if len(q.suspects) < maxSuspects {
			q.suspects[print] = &suspect{last: now}
		}
		return false
	}
	p.last = now
	switch {
	case p.until == 0:
		begins = true
		p.period = q.first
		q.armed.Add(1)
	case trial:
		p.period = min(2*p.period, longest*q.first)
	default: // it was under way when the quarantine began
		return false
	}
	p.until = now + uint64(p.period)
	return begins
}

func (q *quarantine) acquit(print uint64) {
	if p := q.suspects[print]; p != nil {
		delete(q.suspects, print)
		if p.until != 0 {
			q.armed.Add(-1)
		}
	}
}

// forget lets go of what was long ago.
func (q *quarantine) forget(now uint64) {
	for print, p := range q.suspects {
		if now > max(p.last, p.until)+uint64(suspicion) {
			q.acquit(print)
		}
	}
}

// Forgive ends all quarantines: the code has changed.
func (s *Socket) Forgive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.suspects.suspects)
	s.suspects.armed.Store(0)
}

// survived notes that a worker has lived through an exchange.
func (s *Socket) survived(x *Exchange) {
	if x.trial != 0 {
		s.suspects.acquit(x.trial)
	}
}

// accuse notes that a worker died of a request. When that begins a quarantine,
// those like it that no worker has taken yet are refused too.
func (s *Socket) accuse(x *Exchange) {
	q := &s.suspects
	if q.first == 0 {
		return
	}
	print := q.fingerprint(x)
	var over []ending
	s.mu.Lock()
	if q.strike(print, Now(), x.trial != 0) {
		for x := s.queue.first; x != nil; {
			next := x.next
			if q.fingerprint(x) == print {
				over = s.conclude(over, x, &QuarantineError{Left: q.first})
			}
			x = next
		}
		for _, x := range s.slots[:s.high] {
			if x != nil && x.seat == nil && q.fingerprint(x) == print {
				s.unwant(x, confine, 0)
			}
		}
	}
	s.mu.Unlock()
	s.tell(over)
}
