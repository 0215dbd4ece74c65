package sharedsocket

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// A socket of the stream type may be for programs that adopt a listening socket
// (sd_listen_fds(3)), speak HTTP/1.1 and know nothing of the worker protocol.
// They have the listening socket alone: no row and so no claim. What is known of
// them is what the kernel shows from outside (trace.go). So
//
//   - no more connections are outstanding than there are programs to take them,
//     and everything else waits in the queue in user space, where it can be taken
//     back;
//   - what was handed to a program is never sent again, and is not taken back when
//     its client leaves;
//   - a request is with a program from when its connection was accepted.

const (
	// verdictAfter is how long it may take until the death of a process is known
	// that has closed a connection without a reply.
	verdictAfter = 100 * time.Millisecond

	// ignoredAfter is how long a connection may wait to be accepted until the
	// log says so: a program that does not adopt the socket is easily started.
	ignoredAfter = 5 * time.Second

	// sampleEvery is how often all connections are looked at, in search of a
	// process that holds two.
	sampleEvery = time.Second

	// traceShare bounds the time that is spent in looking at processes to one
	// part in so many.
	traceShare = 20
)

// Isolation is what is known of the rule that a worker runs one request at a
// time.
type Isolation int

const (
	IsolationKept    Isolation = iota // by the worker protocol
	IsolationUnknown                  // it is the program's affair
	IsolationBroken                   // a process was seen that held two
)

func (i Isolation) String() string {
	return [...]string{"guaranteed", "unknown", "not guaranteed"}[i]
}

// Isolation returns what is known of it now.
func (s *Socket) Isolation() Isolation {
	if !s.adopted() {
		return IsolationKept
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.adoption.crowded {
		return IsolationBroken
	}
	return IsolationUnknown
}

// adoption is what a Socket has more when it is for programs that adopt it.
type adoption struct {
	door    int    // the path, opened, -1 = it is not
	address string // to connect to
	inode   uint32 // of the listening socket

	diag   diag
	blind  atomic.Bool // the kernel does not show who holds a connection
	paused int         // who wants that nothing is sent, see Dismiss; guarded by Socket.mu

	// Used by the goroutine of watch alone.
	ignored bool   // it was said that nobody takes a connection
	next    uint64 // when to trace again at the earliest
	sampled uint64 // when all connections were last looked at

	crowded bool // a process was seen that held two requests; guarded by Socket.mu
}

// held is what an exchange has more when it is with a program that adopted the
// socket. It is guarded by Socket.mu.
type held struct {
	inode  uint32 // of the server's end of its connection
	pid    int    // of the process that holds the other end, 0 = not known
	beside bool   // its worker is leaving and takes nothing more: it does not count for the window
}

func (a *adoption) close() {
	if a.door >= 0 {
		unix.Close(a.door)
	}
	a.diag.close()
}

func (s *Socket) adopted() bool { return s.cfg.Adopted > 0 }

// adopt is called once the socket listens.
func (s *Socket) adopt() {
	a := &s.adoption
	a.door, a.address = door(s.cfg.Path)
	a.inode = inodeOf(s.workers)
	_ = a.diag.start()                      // else it is tried when it is needed
	s.window.exact, s.window.most = true, 0 // until a worker is ready
}

// recount lets as many connections be outstanding as there are workers that
// take them. Called under the mutex; the caller refills.
func (s *Socket) recount() {
	if !s.adopted() {
		return
	}
	takers := 0
	for _, t := range s.seats {
		if t != nil && t.isReady && !t.leaving {
			takers++
		}
	}
	if s.adoption.paused > 0 {
		takers = 0
	}
	s.window.most = min(takers, s.cfg.Adopted)
}

// stepAside lets what is with a worker that leaves not count for the window:
// others may take as many requests as before. Called under the mutex.
func (s *Socket) stepAside(x *Exchange) {
	if !x.held.beside {
		x.held.beside = true
		s.window.leave(x.cost)
	}
}

// mourn returns the worker that most likely was running the exchange and is
// dead or dying, nil when none is. Called under the mutex. One that was told to
// leave dies of that, unless it is known to have held the request.
func (s *Socket) mourn(x *Exchange) *Seat {
	if t := x.seat; t != nil {
		if t.dead.Load() || exiting(t.pid) {
			return t
		}
		return nil
	}
	for _, t := range s.seats {
		if t != nil && t.pid != 0 && !t.leaving && exiting(t.pid) {
			return t
		}
	}
	return nil
}

// cutShort is cutOff for programs that adopted the socket.
func (s *Socket) cutShort(d departure) {
	var over []ending
	s.mu.Lock()
	if x := d.x; x.state == sent && x.id == d.id {
		x.carrier = nil
		x.cut, x.since = true, Now()
		if t := s.mourn(x); t != nil {
			x.seat, x.Worker = t, t.number
			over = s.conclude(over, x, ErrDied)
		}
	}
	s.mu.Unlock()
	s.tell(over)
	s.refill()
}

// judge ends an exchange whose connection ended without a reply a while ago.
// Called under the mutex.
func (s *Socket) judge(over []ending, x *Exchange) []ending {
	if t := s.mourn(x); t != nil {
		x.seat, x.Worker = t, t.number
		return s.conclude(over, x, ErrDied)
	}
	if x.held.pid != 0 && exiting(x.held.pid) {
		x.seat = nil // the program has lost one of its processes and lives on
		return s.conclude(over, x, ErrDied)
	}
	return s.conclude(over, x, ErrCut)
}

// unaccepted tells that no program has accepted the connection of an exchange.
func (s *Socket) unaccepted(x *Exchange) bool {
	peer, err := s.adoption.diag.peer(x.held.inode)
	return err == nil && peer == 0
}
