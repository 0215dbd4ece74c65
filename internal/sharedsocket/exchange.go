package sharedsocket

import (
	"errors"
)

// Why an exchange ended without a complete reply. Reply.Err is one of these,
// perhaps wrapped with detail.
var (
	ErrFull         = errors.New("too many requests are waiting")             // 503
	ErrQueueTimeout = errors.New("no worker took the request in time")        // 503
	ErrNoWorkers    = errors.New("no worker can start")                       // 503
	ErrClosed       = errors.New("the server is stopping")                    // 503
	ErrDied         = errors.New("the worker died while it ran the request")  // 502
	ErrBadReply     = errors.New("the worker answered nonsense")              // 502
	ErrBroken       = errors.New("the app failed in the middle of the reply") // truncation, or 502 before the head
	ErrTimeout      = errors.New("the worker took too long")                  // 504
	ErrWithdrawn    = errors.New("the client went away")                      // nobody to tell
)

// Exchange is one request and its reply. It knows nothing of the connection
// that it came from. The caller fills the first group before Submit, must not
// touch it until the final Reply, and may reuse the exchange after it.
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

	inflight // what only this package sees
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
// against it. After a channel was returned a final Reply with Err may still
// come at any time (the worker died, the client was withdrawn).
type Sink interface {
	Take(Reply) (wait <-chan struct{})
}
