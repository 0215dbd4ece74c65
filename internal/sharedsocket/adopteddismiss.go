package sharedsocket

import "time"

const (
	// settleWithin is how long nothing is sent, to see what is with whom.
	settleWithin = 50 * time.Millisecond

	// againAfter is how long requests go on before that is tried once more.
	againAfter = 250 * time.Millisecond

	// deafWithin is how long nothing is sent until a program that was told to end
	// has closed the socket. Many look no more often than ten times a second.
	deafWithin = 300 * time.Millisecond
)

// Dismiss calls tell, which tells the program to end, at a moment when it holds
// no request, if there is one within patience. For that moment, and until the
// program has closed the socket, nothing is sent to any program. So nothing is
// lost with one that dies of the signal, or that closes a connection which it has
// accepted and not read from yet. It blocks for about that long.
func (t *Seat) Dismiss(patience time.Duration, tell func()) {
	s := t.s
	end := time.Now().Add(patience)
	s.mu.Lock()
	t.leaving = true
	for _, x := range s.slots[:s.high] {
		if x != nil && x.seat == t {
			s.stepAside(x)
		}
	}
	s.adoption.paused++
	s.recount()
	s.mu.Unlock()
	defer s.resume()
	for !t.idle() && time.Now().Before(end) {
		t.awaitRest(min(againAfter, time.Until(end)))
	}
	tell()
	t.awaitDeaf(deafWithin)
}

// idle tells whether the program holds nothing, and nothing is on its way that
// it could take. It is called while nothing is sent.
func (t *Seat) idle() bool {
	for end := time.Now().Add(settleWithin); ; time.Sleep(time.Millisecond) {
		if t.s.adoption.blind.Load() {
			return true // nobody can tell
		}
		t.s.trace(false)
		if t.s.settled(t) {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

func (s *Socket) settled(t *Seat) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.slots[:s.high] {
		if x != nil && !x.cut && (x.seat == t || x.held.pid == 0) {
			return false
		}
	}
	return true
}

// awaitRest lets requests go on until one that the program holds has ended, or
// for that long. When it returns nothing is sent again.
func (t *Seat) awaitRest(most time.Duration) {
	s := t.s
	resting := make(chan struct{})
	s.mu.Lock()
	t.resting = resting
	s.mu.Unlock()
	s.resume()
	select {
	case <-resting:
	case <-time.After(most):
		s.mu.Lock()
		t.freed()
		s.mu.Unlock()
	}
}

// freed notes that a request of the program has ended. Before anything else is
// sent Dismiss may want to look. Called under the mutex.
func (t *Seat) freed() {
	t.rested = Now()
	if t.resting != nil {
		close(t.resting)
		t.resting = nil
		t.s.adoption.paused++
		t.s.recount()
	}
}

// resume takes back one wish that nothing is sent.
func (s *Socket) resume() {
	s.mu.Lock()
	s.adoption.paused--
	s.recount()
	s.mu.Unlock()
	s.refill()
}

func (t *Seat) awaitDeaf(most time.Duration) {
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if deaf, _ := t.Deaf(); deaf {
			return
		}
	}
}
