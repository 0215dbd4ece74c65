package reload

import (
	"fmt"
	"sync"
	"time"

	"github.com/rip-server/rip-server/internal/reload"
	"github.com/rip-server/rip-server/test/driver"
)

// turn is how new code comes in, and so who may still get the old.
type turn int

const (
	rolling  turn = iota // one worker after the other, when somebody asks for it
	byWorker             // in each worker when it runs a request, at most 100 ms after the save
	atOnce               // in one step for everybody, at most 100 ms after the save
)

// readers are clients that ask again and again what the code is, and know what
// it may be.
type readers struct {
	s       *driver.Server
	turn    turn
	clients sync.WaitGroup
	end     chan struct{}

	mu       sync.Mutex
	history  []saved
	seen     int // the newest that anybody got
	answered int
	problems []string
}

// saved is a version of the code.
type saved struct {
	answer string
	at     time.Time // when it was on the disk, zero = it is not yet
}

// readCode begins to read code that answers so.
func readCode(s *driver.Server, answer string, t turn) *readers {
	r := &readers{s: s, turn: t, end: make(chan struct{}), history: []saved{{answer: answer}}}
	for range 6 {
		r.clients.Go(r.run)
	}
	return r
}

// expect says that the code is about to change; save changes it. Old and new
// answers are right from now on, and except with a rolling restart only new ones
// for requests that are sent later than 100 ms after save has returned.
func (r *readers) expect(answer string, save func()) {
	r.mu.Lock()
	r.history = append(r.history, saved{answer: answer})
	r.mu.Unlock()
	save()
	now := time.Now()
	r.mu.Lock()
	r.history[len(r.history)-1].at = now
	r.mu.Unlock()
}

// run is one client.
func (r *readers) run() {
	conn, err := r.s.Dial()
	if err != nil {
		r.problem("connect: %v", err)
		return
	}
	defer conn.Close()
	pace := time.NewTicker(3 * time.Millisecond) // leaves the processors to the compiler
	defer pace.Stop()
	for {
		select {
		case <-r.end:
			return
		case <-pace.C:
		}
		least, sent := r.least(), time.Now()
		a, err := conn.Do(&driver.Request{Target: "/"})
		switch {
		case err != nil:
			r.problem("%v", err)
			return
		case a.Status != 200:
			r.problem("status %d: %s", a.Status, a.Body)
		default:
			r.check(string(a.Body), sent, least)
		}
	}
}

// least returns the newest version that anybody has seen: nobody who asks
// later may get an older one.
func (r *readers) least() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen
}

func (r *readers) check(answer string, sent time.Time, least int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answered++
	got := -1
	if r.turn != atOnce {
		least = 0
	}
	for i, v := range r.history {
		if v.answer == answer {
			got = i
		}
		if r.turn != rolling && !v.at.IsZero() && sent.Sub(v.at) > reload.Interval {
			least = max(least, i)
		}
	}
	r.seen = max(r.seen, got)
	switch {
	case got < 0:
		r.problems = append(r.problems, fmt.Sprintf("%q was never saved", answer))
	case got < least:
		v := r.history[least]
		r.problems = append(r.problems, fmt.Sprintf("%q from a request sent %v after %q was saved", answer, sent.Sub(v.at), v.answer))
	}
}

func (r *readers) problem(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// await waits until the newest code answers.
func (r *readers) await() {
	r.s.Eventually("the new code answers", func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if newest := len(r.history) - 1; r.seen < newest {
			return fmt.Errorf("%q of %q, problems %q", r.history[r.seen].answer, r.history[newest].answer, r.problems)
		}
		return nil
	})
}

// more waits until so many more requests were answered.
func (r *readers) more(n int) {
	r.mu.Lock()
	n += r.answered
	r.mu.Unlock()
	r.s.Eventually("there are more answers", func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.answered < n && len(r.problems) == 0 {
			return fmt.Errorf("%d of %d", r.answered, n)
		}
		return nil
	})
}

// good ends the test if anything was wrong so far.
func (r *readers) good() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.problems); n > 0 {
		r.s.Fatalf("%d of %d requests went wrong, such as: %s", n, r.answered, r.problems[0])
	}
}

// stop ends the clients, and the test if anything was wrong.
func (r *readers) stop() {
	close(r.end)
	r.clients.Wait()
	r.good()
}
