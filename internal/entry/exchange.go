package entry

import (
	"sync"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
)

// keptMemory is how much memory of a request or a reply is kept for the next.
const keptMemory = 96 << 10

// patience is how long a worker waits for room in memory before a file takes
// the rest of its reply: a client that keeps up with a worker has taken
// something by then, and many clients that do not cost the workers little.
const patience = 3 * time.Millisecond

// exchange is a request at the shared socket and what its client has not been
// sent yet of its reply. It outlives the connection when the client leaves
// before the worker has finished.
type exchange struct {
	sharedsocket.Exchange
	e    *Entry
	base []byte     // memory that Record lies in
	file *spoolFile // body of the request that is not in Record
	id   [maxRequestID]byte

	mu        sync.Mutex
	wake      chan<- struct{} // of the connection: something came
	inbox     inbox
	impatient *time.Timer // ends the worker's wait for room
	detached  bool        // there is no connection any more
	leaving   bool        // it is being withdrawn, and so cannot be used again yet
}

var exchanges = sync.Pool{New: func() any {
	return &exchange{base: make([]byte, wire.RequestPrefix, 2<<10)}
}}

// ready prepares x for a request of a connection.
func (x *exchange) ready(c *conn) {
	x.mu.Lock() // see reuse
	defer x.mu.Unlock()
	x.e, x.wake, x.Sink = c.e, c.wake, x
	x.inbox.e = c.e
}

// Take keeps a part of the reply and never waits for the client.
func (x *exchange) Take(r sharedsocket.Reply) (wait <-chan struct{}) {
	x.mu.Lock()
	if x.detached {
		if x.inbox.final = r.Final; r.Final && !x.leaving {
			x.free()
		}
		x.mu.Unlock()
		return nil
	}
	patient := x.inbox.patient()
	wait = x.inbox.put(r)
	if wait != nil && patient {
		x.limitWait()
	}
	wake := x.wake
	x.mu.Unlock()
	// From here on the exchange may be in use again.
	select {
	case wake <- struct{}{}:
	default:
	}
	return wait
}

// limitWait makes the wait for room a short one.
func (x *exchange) limitWait() {
	if x.impatient == nil {
		x.impatient = time.AfterFunc(patience, x.hurry)
	} else {
		x.impatient.Reset(patience)
	}
}

// hurry ends a worker's wait in which the client has taken nothing. It may come
// late, to an exchange that is over by then or in use again, and does no harm.
func (x *exchange) hurry() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.inbox.hurry()
}

// take takes what has come.
func (x *exchange) take() portion {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.inbox.take()
}

// detach leaves the exchange to itself: the client is gone. It frees itself
// when the final reply has come.
func (x *exchange) detach() {
	x.mu.Lock()
	x.detached = true
	x.inbox.open()
	if x.inbox.final {
		x.free()
		x.mu.Unlock()
		return
	}
	x.leaving = true
	x.mu.Unlock()
	x.e.withdraw(&x.Exchange)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.leaving = false
	if x.inbox.final {
		x.free()
	}
}

// reuse makes the exchange ready for the next request of its connection.
func (x *exchange) reuse() {
	x.mu.Lock() // a late hurry may be looking at it
	defer x.mu.Unlock()
	x.recycle()
}

// recycle gives back what the exchange holds. It must not be in flight. It is
// called with the mutex held.
func (x *exchange) recycle() {
	if x.file != nil {
		x.file.remove()
		x.file = nil
	}
	if cap(x.base) > keptMemory {
		x.base = make([]byte, wire.RequestPrefix, 2<<10)
	}
	x.base = x.base[:wire.RequestPrefix]
	x.Record, x.BodyFile, x.Label = nil, false, ""
	x.inbox.reset()
	if x.impatient != nil {
		x.impatient.Stop()
	}
	x.wake, x.detached = nil, false
}

func (x *exchange) free() {
	x.recycle()
	exchanges.Put(x)
}
