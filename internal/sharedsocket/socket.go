// Package sharedsocket is the one socket that all workers of an app share: the
// queue in front of it, the requests in flight, their replies, and how a
// request is withdrawn or sent again without ever being run twice.
//
// One mutex guards all of it. What is done under it is short: no system call,
// and no call of a Sink.
package sharedsocket

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// wantedSendBuffer is asked for when Config.SendBuffer is 0; the kernel gives
// what net.core.wmem_max and the privileges of the server allow.
const wantedSendBuffer = 4 << 20

// Config is what a Socket is made from.
type Config struct {
	Type           Type
	Path           string        // stream: where the socket is bound
	MaxQueue       int           // requests that may wait, wherever they do
	QueueTimeout   time.Duration // how long one may wait for a worker, 0 = without end
	RequestTimeout time.Duration // how long a worker may take to the head of its reply, and between parts of it, 0 = without end
	SendBuffer     int           // SO_SNDBUF to ask for in bytes, 0 = as large as allowed
	Name           string        // of the app, for workers
	Dir            string        // of the app, for workers
	Log            *slog.Logger
	ReadTimeout    time.Duration // seqpacket: how long a worker's read of an empty queue lasts until EAGAIN, and a signal ends it with EINTR too (SO_RCVTIMEO, socket(7)); 0 = without end
	Meter          bool          // somebody reads Exchange.CPU of each request; without, workers may estimate it
	Quarantine     time.Duration // how long a request that killed two workers is refused at first, 0 = none is

	// Died is told of every exchange whose worker died while it ran it (ErrDied)
	// or hung in it (ErrTimeout), before its sink is, and also when the client is
	// gone. The exchange and the file of its body are whole during the call,
	// which should be short. nil = nobody is told.
	Died func(x *Exchange, err error)

	// Adopted says that workers are programs that adopt the socket and know
	// nothing of the worker protocol (adopted.go), and how many connections to
	// them may be outstanding; 0 = they speak the protocol. For the stream type.
	Adopted int

	// Heard is shown every record that a worker writes, before it is dealt with.
	// The bytes are valid during the call, which must not block. nil = nobody looks.
	Heard func(worker int, record []byte)

	Broken func() // a worker broke the shared socket, it was replaced and so must be all workers; must not block
}

// Socket is the shared socket of one app.
type Socket struct {
	cfg      Config
	server   int // seqpacket: the end that requests go in at
	workers  int // what workers get as descriptor 3; blocks for life, unless programs have adopted it
	ledger   *page
	life     *life
	barrier  barrier
	carriage carriage
	poller   *poller        // of carriers that wait for a short reply, nil when each has a goroutine of its own
	sends    sync.WaitGroup // sends under way, which Close waits for
	stop     chan struct{}
	watched  chan struct{}

	adoption adoption

	mu        sync.Mutex
	queue     queue
	slots     []*Exchange
	high      int // slots from here on were never used
	free      []uint32
	seq       uint64 // sends so far
	window    window
	suspects  quarantine
	streaming int     // exchanges of which a part of the reply was handed over
	claimed   uint64  // highest id that a worker is known to have received
	seats     []*Seat // nil where nobody is; as long as it ever had to be
	ready     int     // seats that said they are ready and are not gone
	waits     uint64  // since when there has always been a request that waits to be taken, 0 = there is none
	held      bool
	released  uint64      // when Hold ended last: waiting counts from then on
	refusal   string      // why no worker can start, "" = they can
	refuses   atomic.Bool // refusal is not ""
	closed    bool
}

// New makes the socket. Requests wait in it until a worker joins.
func New(cfg Config) (*Socket, error) {
	s := &Socket{
		cfg:      cfg,
		server:   -1,
		barrier:  barrier{fence: newFence()},
		stop:     make(chan struct{}),
		watched:  make(chan struct{}),
		slots:    make([]*Exchange, wire.Slots),
		suspects: newQuarantine(cfg.Quarantine),
		adoption: adoption{door: -1, address: cfg.Path},
	}
	for slot := wire.Slots - 1; slot >= 0; slot-- {
		s.free = append(s.free, uint32(slot))
	}
	var err error
	switch cfg.Type {
	case Seqpacket:
		size := cfg.SendBuffer
		if size == 0 {
			size = wantedSendBuffer
		}
		if s.server, s.workers, err = pair(size); err != nil {
			return nil, err
		}
		limitReads(s.workers, cfg.ReadTimeout)
		s.window = seqpacketWindow(s.server)
	case Stream:
		if s.workers, err = listen(cfg.Path); err != nil {
			return nil, err
		}
		s.window = streamWindow()
		if s.adopted() {
			s.adopt()
		}
	}
	if s.ledger, err = newPage("ledger", wire.LedgerSize); err != nil {
		s.closeDescriptors()
		return nil, err
	}
	s.ledger.freeze()
	if cfg.Meter {
		wire.Store(s.ledger.mem, wire.LedgerMeter, 1)
	}
	s.life = begin(s.ledger.mem)
	if cfg.Type == Stream {
		s.carriage = carriage{carry: s.carry, next: make(chan *carrier), stop: s.stop}
		if !s.adopted() {
			s.poller = newPoller(s.arrived) // without it everything works too
		}
	}
	go s.watch()
	return s, nil
}

// Close ends every exchange with ErrClosed and releases the socket. Workers
// see its end and exit.
func (s *Socket) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	var over []ending
	for s.queue.first != nil {
		over = s.conclude(over, s.queue.first, ErrClosed)
	}
	for _, x := range s.slots[:s.high] {
		if x != nil {
			over = s.conclude(over, x, ErrClosed)
		}
	}
	seats := append([]*Seat(nil), s.seats...)
	s.mu.Unlock()
	s.tell(over)
	close(s.stop)
	<-s.watched
	for _, t := range seats {
		if t != nil {
			t.Gone()
			<-t.resolved
		}
	}
	s.sends.Wait()
	if s.poller != nil {
		s.poller.close()
	}
	s.barrier.wait() // what was asked before has been answered
	s.closeDescriptors()
	s.life.over()
	s.ledger.close()
	if s.cfg.Type == Stream {
		if err := os.Remove(s.cfg.Path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove the shared socket: %w", err)
		}
	}
	return nil
}

func (s *Socket) closeDescriptors() {
	if s.server >= 0 {
		unix.Close(s.server)
	}
	unix.Close(s.workers)
	s.adoption.close()
}

// Hold makes requests wait in the queue until Release. That time does not count
// as waiting.
func (s *Socket) Hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = true
}

// Release ends Hold.
func (s *Socket) Release() {
	s.mu.Lock()
	s.held = false
	s.released = Now()
	s.mu.Unlock()
	s.refill()
}

// SetNoWorkers says that no worker can start, and why: requests are answered
// with ErrNoWorkers at once, also those that wait. With "" they wait again.
func (s *Socket) SetNoWorkers(reason string) {
	s.mu.Lock()
	s.refusal = reason
	s.refuses.Store(reason != "")
	var over []ending
	if reason != "" {
		for s.queue.first != nil {
			over = s.conclude(over, s.queue.first, s.refused())
		}
		for _, x := range s.slots[:s.high] {
			if x != nil && x.seat == nil {
				s.unwant(x, refuse, 0)
			}
		}
	}
	s.mu.Unlock()
	s.tell(over)
}

// NoWorkers tells whether requests are refused because no worker can start. It
// costs nothing.
func (s *Socket) NoWorkers() bool { return s.refuses.Load() }

func (s *Socket) refused() error { return fmt.Errorf("%w: %s", ErrNoWorkers, s.refusal) }

// Counts is the state of the socket at one moment.
type Counts struct {
	Queued    int // requests that no worker has taken
	Running   int // requests that a worker holds
	Streaming int // of those, how many have begun to answer
}

// Counts returns the state of the socket now.
func (s *Socket) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.adopted() { // a program is there to take each that was sent
		return Counts{Queued: s.queue.n, Running: len(s.slots) - len(s.free), Streaming: s.streaming}
	}
	running := 0
	for _, t := range s.seats {
		if t != nil && s.holder(t) != nil {
			running++
		}
	}
	return Counts{
		Queued:    max(0, s.queue.n+s.window.n-running),
		Running:   running,
		Streaming: s.streaming,
	}
}

// holder returns the exchange in flight that a worker's row holds, or nil.
// A row is input: what it says of an exchange of another worker is nothing.
func (s *Socket) holder(t *Seat) *Exchange {
	if s.adopted() {
		return t.traced()
	}
	x := s.find(t.claim())
	if x == nil || x.seat != nil && x.seat != t {
		return nil
	}
	return x
}

// find returns the exchange in flight with that id, or nil.
func (s *Socket) find(id uint64) *Exchange {
	if x := s.slots[id%wire.Slots]; x != nil && x.id == id {
		return x
	}
	return nil
}
