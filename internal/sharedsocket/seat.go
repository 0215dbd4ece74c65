package sharedsocket

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// ErrSeats is returned by Join when as many workers as the ledger has room for
// are there already.
var ErrSeats = errors.New("too many workers")

// Seat is the place of one worker process at the socket: its reply socket, its
// row, its leave word.
type Seat struct {
	s      *Socket
	number int
	index  int
	notify func(Event)

	row     *page
	replies *os.File // the server's end
	files   []*os.File
	started sync.Once

	dead     atomic.Bool   // the process is gone: what is in the reply socket is all there is
	wake     chan struct{} // rouses the reader while it waits for room in a sink
	resolved chan struct{} // closed when nothing of the worker is left

	reading    atomic.Bool // the reader may hold a record that it has not dealt with
	printed    atomic.Pointer[printed]
	done       atomic.Uint64 // requests finished
	distrusted bool          // it broke the protocol; known to the reader alone
	asides     int           // bytes of records that are no replies, see babbles; likewise
	spent      atomic.Bool   // it takes nothing more

	// Guarded by Socket.mu.
	isReady  bool
	leaving  bool   // Leave was called
	left     bool   // and a barrier is over: it runs nothing but kept
	kept     uint64 // id that its row held then, 0 = none
	current  uint64 // id of the reply that has begun
	ended    uint64 // id of a request that it held when the exchange ended, see Running
	label    string // of that request
	overstay overstay
	cpu      uint64 // ns that its finished requests have cost
	liar     bool   // its row is known to be wrong
	counted  uint64 // requests that it had run by its row when that was last looked at
	rest     rest
	pid      int           // of a program that adopted the socket, 0 = there is none
	resting  chan struct{} // see Dismiss
	rested   uint64        // since when it was not seen to hold a request, while it holds none
	closed   uint64        // when the worker closed its reply socket, 0 = it has not
}

// Join makes a place for a worker that is about to start. The number is what
// people call it; two generations may use it at once. notify is called from
// the socket's goroutines and must not block.
func (s *Socket) Join(number int, notify func(Event)) (*Seat, error) {
	t := &Seat{
		s: s, number: number,
		wake:     make(chan struct{}, 1),
		resolved: make(chan struct{}),
	}
	t.notify = func(e Event) {
		if e.Kind == EventSpent || e.Kind == EventSuspect {
			t.spent.Store(true)
		}
		notify(e)
	}
	if err := t.open(); err != nil {
		t.Started()
		t.release()
		return nil, err
	}
	s.mu.Lock()
	if t.index = slices.Index(s.seats, nil); t.index < 0 && len(s.seats) < wire.Seats {
		t.index = len(s.seats)
		s.seats = append(s.seats, nil)
	}
	if t.index < 0 || s.closed {
		s.mu.Unlock()
		t.Started()
		t.release()
		if t.index < 0 {
			return nil, ErrSeats
		}
		return nil, ErrClosed
	}
	wire.Store(s.ledger.mem, wire.LeaveOffset(t.index), 0)
	s.seats[t.index] = t
	s.mu.Unlock()
	if !s.adopted() {
		go t.read()
	}
	return t, nil
}

func (t *Seat) open() error {
	requests, err := dup(t.s.workers, "requests")
	if err != nil {
		return err
	}
	t.files = append(t.files, requests)
	if t.s.adopted() { // that is all such a program gets; the row stays empty
		t.row, err = newPage("row", wire.RowSize)
		return err
	}
	server, worker, err := replyPair()
	if err != nil {
		return err
	}
	t.replies = os.NewFile(uintptr(server), "replies")
	t.files = append(t.files, os.NewFile(uintptr(worker), "replies"))
	if t.row, err = newPage("row", wire.RowSize); err != nil {
		return err
	}
	row, err := dup(t.row.fd, "row")
	if err != nil {
		return err
	}
	t.files = append(t.files, row)
	ledger, err := t.s.ledger.reader()
	if err != nil {
		return err
	}
	t.files = append(t.files, os.NewFile(uintptr(ledger), "ledger"))
	return nil
}

// Files are what the worker gets as descriptors 3, 4, 5 and 6.
func (t *Seat) Files() []*os.File { return t.files }

// Env is what the worker finds its place by.
func (t *Seat) Env() []string {
	if t.s.adopted() {
		return t.environ()
	}
	cfg := &t.s.cfg
	return []string{
		wire.EnvProtocol + "=" + strconv.Itoa(wire.Version),
		wire.EnvSocket + "=" + cfg.Type.String(),
		wire.EnvApp + "=" + cfg.Name,
		wire.EnvAppDir + "=" + cfg.Dir,
		wire.EnvWorker + "=" + strconv.Itoa(t.number),
		wire.EnvLeave + "=" + strconv.Itoa(wire.LeaveOffset(t.index)),
		wire.EnvSlots + "=" + strconv.Itoa(wire.LedgerSlots),
	}
}

// Started closes the server's copies of Files. It is called after the fork,
// also when that failed.
func (t *Seat) Started() {
	t.started.Do(func() {
		for _, f := range t.files {
			f.Close()
		}
	})
}

// Leave tells the worker to take nothing more. When it returns, running tells
// whether the worker holds a request: it then exits by itself after its final
// record; else it runs none any more and may be killed. It blocks for one
// barrier, up to about 15 ms.
func (t *Seat) Leave() (running bool) {
	t.s.mu.Lock()
	if t.s.seats[t.index] != t { // gone, and perhaps another one's place by now
		t.s.mu.Unlock()
		return false
	}
	t.leaving = true
	wire.Store(t.s.ledger.mem, wire.LeaveOffset(t.index), 1)
	t.s.mu.Unlock()
	t.s.barrier.wait()
	t.s.mu.Lock()
	t.leaves(t.claim())
	t.s.mu.Unlock()
	_, _, running = t.Running()
	return running
}

// leaves notes what a worker runs at most, after its leave word was set and a
// barrier. Called under Socket.mu.
func (t *Seat) leaves(id uint64) {
	if !t.left {
		t.leaving, t.left, t.kept = true, true, id
	}
}

// Running returns the request that the worker holds: its label and for how
// long it has been seen there. It may hold one that nobody waits for any more.
func (t *Seat) Running() (label string, since time.Duration, ok bool) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.s.adopted() && t.pid != 0 && exiting(t.pid) {
		t.bereave()
	}
	x := t.s.holder(t)
	if x == nil {
		if claim := t.claim(); t.ended != 0 && (claim == t.ended || t.s.adopted()) {
			return t.label, 0, true
		}
		return "", 0, false
	}
	if x.claimed {
		since = time.Duration(Now() - x.since)
	}
	return strings.Clone(x.Label), since, true // x may be used again for another request
}

// Done returns how many requests the worker has finished, as the worker counts
// them on the stream type.
func (t *Seat) Done() uint64 {
	if t.s.cfg.Type == Stream {
		return t.word(wire.RowDone)
	}
	return t.done.Load()
}

// CPU returns the CPU time that the requests have cost which the worker has
// finished.
func (t *Seat) CPU() time.Duration {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return time.Duration(t.cpu)
}

// Reloads returns how often the worker has loaded its code again.
func (t *Seat) Reloads() uint64 { return t.word(wire.RowReloads) }

// Code returns the version of the code that the worker runs, as it counts them.
func (t *Seat) Code() uint64 { return t.word(wire.RowCode) }

func (t *Seat) word(offset int) uint64 {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.row.mem == nil {
		return 0
	}
	return wire.Load(t.row.mem, offset)
}

// claim returns the id that the worker's row holds. A worker that has left
// claims what it receives, looks, and gives it back: should it die in between it
// has not run it. Called under Socket.mu, which guards the mapping.
func (t *Seat) claim() uint64 {
	if t.row == nil || t.row.mem == nil {
		return 0
	}
	id := wire.Load(t.row.mem, wire.RowClaim)
	if t.left && id != t.kept {
		return 0
	}
	return id
}

// Gone says that the process is dead and waited for. Its last replies are
// still delivered; then the request it held ends with ErrDied, what died with
// it unclaimed is sent again, and its seat is free. That goes on in the
// background, as a slow client may have to be waited for.
func (t *Seat) Gone() {
	if again := t.dead.Swap(true); t.s.adopted() {
		if !again {
			go t.resolve()
		}
		return
	}
	// Ends the wait of the reader, also when a child of the worker keeps the
	// other end open and no end of file will come.
	_ = t.replies.SetReadDeadline(time.Unix(1, 0))
	t.poke()
}

// Resolved is closed when everything that Gone begins is done.
func (t *Seat) Resolved() <-chan struct{} { return t.resolved }

func (t *Seat) poke() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// resolve settles what a dead worker leaves behind.
func (t *Seat) resolve() {
	s := t.s
	var over []ending
	s.mu.Lock()
	held := t.claim()
	if s.adopted() {
		t.bereave()
	}
	for _, x := range s.slots[:s.high] {
		if x == nil {
			continue
		}
		if x.seat == nil && (x.claimant == t && x.id != held || x.id == held && t.liar) {
			x.spoil()
			continue
		}
		if x.seat != t && (x.id != held || x.seat != nil || s.heldByOther(x.id, t)) {
			continue
		}
		x.seat, x.Worker = t, t.number
		if x.carrier != nil {
			// The whole reply may be waiting in its connection. When that ends
			// it is known that a worker had the request.
			x.orphan = x.id == held || s.adopted()
			continue
		}
		over = s.conclude(over, x, ErrDied)
	}
	if t.isReady {
		s.ready--
	}
	s.seats[t.index] = nil
	wire.Store(s.ledger.mem, wire.LeaveOffset(t.index), 0)
	t.release()
	s.recount()
	s.lost(0)
	s.mu.Unlock()
	s.tell(over)
	s.refill()
	close(t.resolved)
}

func (t *Seat) release() {
	if t.replies != nil {
		t.replies.Close()
	}
	if t.row != nil {
		t.row.close()
	}
}

// closedReplies tells whether nobody has the worker's reply socket open any
// more, as when it is dead.
func (t *Seat) closedReplies() (closed bool) {
	if raw, err := t.replies.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { closed = hungUp(int(fd)) })
	}
	return closed
}

// pending tells whether a record of the worker waits to be read.
func (t *Seat) pending() bool {
	raw, err := t.replies.SyscallConn()
	return err == nil && readable(raw)
}

// readable tells whether a read would find something.
func readable(raw syscall.RawConn) (now bool) {
	_ = raw.Control(func(fd uintptr) { now = readableNow(int(fd)) })
	return now
}

func readableNow(fd int) bool {
	n, _ := unix.IoctlGetInt(fd, ioctlReadable)
	return n > 0
}

// misbehaved is called by the reader alone.
func (t *Seat) misbehaved(format string, args ...any) {
	t.distrusted = true
	t.notify(Event{Kind: EventMisbehaved, Reason: fmt.Sprintf(format, args...)})
}
