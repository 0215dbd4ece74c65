package sharedsocket

import (
	"errors"
	"sync/atomic"

	"github.com/rip-server/rip-server/internal/wire"
)

// Why an exchange ended without a complete reply. Reply.Err is one of these,
// perhaps wrapped with detail.
var (
	ErrFull         = errors.New("too many requests are waiting")                       // 503
	ErrQueueTimeout = errors.New("no worker took the request in time")                  // 503
	ErrNoWorkers    = errors.New("no worker can start")                                 // 503
	ErrClosed       = errors.New("the server is stopping")                              // 503
	ErrQuarantined  = errors.New("the same request has killed two workers")             // 503, see QuarantineError
	ErrDied         = errors.New("the worker died while it ran the request")            // 502
	ErrCut          = errors.New("the program closed the connection without an answer") // 502
	ErrBadReply     = errors.New("the worker answered nonsense")                        // 502
	ErrBroken       = errors.New("the app failed in the middle of the reply")           // truncation, or 502 before the head
	ErrTimeout      = errors.New("the worker took too long")                            // 504
	ErrWithdrawn    = errors.New("the client went away")                                // nobody to tell
)

// Exchange is one request and its reply. It knows nothing of the connection
// that it came from. The caller fills the first group before Submit, must not
// touch it until the final Reply, and may use the exchange again after it. An
// exchange must not be copied.
type Exchange struct {
	// Record is wire.RequestPrefix bytes of room, then the request head
	// (HTTP/1.1, written anew, up to and with the empty line), then the body
	// (at most wire.MaxInlineBody) or, when BodyFile is set, the path of a
	// file that holds it. At most wire.MaxRecord bytes in all.
	Record   []byte
	Head     int    // length of the head in Record
	BodyFile bool   // the rest of Record is a path
	Label    string // the request id that people see; tags what the worker prints meanwhile
	Sink     Sink   // takes the reply

	// Set before the first Reply is handed over.
	Worker  int    // number of the worker, 0 when none claimed it
	Attempt uint16 // how often it was sent, 0 when it never left the queue

	// Set before the final Reply, times in ns of CLOCK_MONOTONIC (see Now); 0 when not known.
	Submitted uint64
	Took      uint64
	Finished  uint64
	CPU       uint64

	sending atomic.Uint64 // id of a send that may not have read Record yet, see launch
	flight                // what only this package sees
}

// Message returns the request as a worker gets it: its head, and its body or
// the path of a file that holds it. They share memory with Record.
func (x *Exchange) Message() (head, body []byte, file string) {
	message := x.Record[wire.RequestPrefix:]
	head, body = message[:x.Head:x.Head], message[x.Head:]
	if x.BodyFile {
		return head, nil, string(body)
	}
	return head, body, ""
}

// Reply is a part of a reply, as one record brought it.
type Reply struct {
	Head  []byte // an HTTP/1.1 response head as the worker wrote it, nil when this part has none
	Body  []byte // body bytes, never chunked
	Final bool   // the last call of Take for this exchange
	Err   error  // with Final: the reply is not complete, and why
}

// Sink takes the parts of one reply in order, from one goroutine at a time.
// Take must not block, and Head and Body are valid during the call only. It
// returns nil to go on, or a channel that is closed when there is room again;
// until then the worker of this exchange is not read, and no time counts
// against it. Two things may come all the same after a channel was returned: a
// final Reply with Err at any time (the worker died, the client was withdrawn),
// and the rest of a reply that the worker has finished, at most what its reply
// socket holds (about 2 MiB).
type Sink interface {
	Take(Reply) (wait <-chan struct{})
}

// flight is what the socket knows of an exchange on its way. All of it is
// guarded by Socket.mu.
type flight struct {
	state state
	ask   ask
	id    uint64 // of the last send; the slot is in its low bits
	cost  int    // bytes of the send buffer that it is reckoned to take
	seat  *Seat  // who runs it, once that is certain
	since uint64 // when it was last sent, seen claimed, or heard of

	claimed   bool            // a row was seen to hold it
	claimant  *Seat           // whose row that was
	lapse     uint64          // since when that row does not any more although nothing came, 0 = it does
	excused   int             // how often it was overdue while something of its worker was unread
	spoiled   bool            // a worker that broke the protocol may have run it: it is not sent again
	missed    bool            // it was asked after because nobody claimed it
	losses    uint8           // how often it was sent and nobody claimed it
	streaming bool            // a part of the reply was handed over
	room      chan<- struct{} // the sink has no room; who hands parts over waits on this too
	taking    bool            // a Take is under way; who wants to end the exchange leaves its reason in end
	end       error           // see taking
	gone      bool            // the client is gone: nothing but the final Reply is handed over
	carrier   *carrier
	cut       bool   // stream: the connection ended without a reply
	orphan    bool   // stream: its worker is dead and had it still
	held      held   // when programs adopt the socket
	trial     uint64 // its fingerprint, when it shows whether its quarantine can end

	prev, next *Exchange // in the queue
}

// wake rouses who waits for room in the sink, to look again.
func (f *flight) wake() {
	if f.room != nil {
		select {
		case f.room <- struct{}{}:
		default:
		}
	}
}

// state is where an exchange is.
type state uint8

const (
	idle   state = iota // not submitted, or over
	queued              // in the queue in user space
	sent                // in the kernel's queue or with a worker
)

func (s state) String() string {
	switch s {
	case queued:
		return "queued"
	case sent:
		return "sent"
	}
	return "idle"
}

// ask is why the ledger no longer wants an exchange in flight; what becomes of
// it is decided after a barrier, when the rows tell whether a worker has it.
type ask uint8

const (
	nothing  ask = iota
	resend       // it may have died with a worker: send it again
	expire       // it waited too long
	refuse       // no worker can start
	confine      // it was put under quarantine
	withdraw     // its client is gone
)
