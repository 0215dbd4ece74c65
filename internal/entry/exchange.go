package entry

import (
	"sync"

	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
)

const (
	replyMemory = 256 << 10 // of one reply that waits for its client; beyond it a file
	totalMemory = 64 << 20  // of all of them
	keptRecord  = 16 << 10  // larger buffers are not kept for the next request
)

// exchange is a request at the shared socket and the parts of its reply that
// its client has not been sent yet. It outlives the connection when the client
// leaves before the worker has finished.
type exchange struct {
	sharedsocket.Exchange
	e      *Entry
	notify chan<- struct{} // of the connection: something came
	body   *spoolFile      // of the request

	mu       sync.Mutex
	parts    []part
	data     []byte     // of parts, one behind the other
	overflow *spoolFile // what came when data had no more room
	taken    int64      // of overflow
	tail     []byte     // what came when overflow had no more room
	room     chan struct{}
	final    bool
	err      error
	detached bool // there is no connection any more
}

// part is one reply record: a head, a piece of body, or both.
type part struct{ head, body int }

var exchanges = sync.Pool{New: func() any {
	return &exchange{Exchange: sharedsocket.Exchange{Record: make([]byte, wire.RequestPrefix, 2<<10)}}
}}

func (e *Entry) newExchange(notify chan<- struct{}) *exchange {
	x := exchanges.Get().(*exchange)
	x.e, x.notify, x.Sink = e, notify, x
	x.detached = false
	return x
}

// recycle takes back what the exchange holds, after its final reply.
func (x *exchange) recycle() {
	if x.body != nil {
		x.body.remove()
		x.body = nil
	}
	if x.overflow != nil {
		x.overflow.remove()
		x.overflow = nil
	}
	if n := len(x.data) + len(x.tail); n > 0 {
		x.e.buffered.Add(-int64(n))
	}
	x.parts, x.data, x.tail, x.taken = x.parts[:0], x.data[:0], nil, 0
	x.final, x.err, x.room = false, nil, nil
	if cap(x.data) > keptRecord {
		x.data = nil
	}
	if cap(x.Record) > keptRecord {
		x.Record = make([]byte, wire.RequestPrefix, 2<<10)
	}
	x.Record = x.Record[:wire.RequestPrefix]
	x.BodyFile, x.Label = false, ""
	x.notify = nil
}

func (x *exchange) free() {
	x.recycle()
	exchanges.Put(x)
}

// Take keeps a part of the reply and never waits for the client: in memory,
// then in a file. When there is no room in either the worker is made to wait.
func (x *exchange) Take(r sharedsocket.Reply) (wait <-chan struct{}) {
	x.mu.Lock()
	if r.Final {
		x.final, x.err = true, r.Err
		if x.room != nil {
			close(x.room)
			x.room = nil
		}
	}
	if x.detached {
		x.mu.Unlock()
		if r.Final {
			x.free()
		}
		return nil
	}
	if len(r.Head) > 0 || len(r.Body) > 0 {
		wait = x.keep(r)
	}
	notify := x.notify
	x.mu.Unlock()
	select {
	case notify <- struct{}{}:
	default:
	}
	return wait
}

func (x *exchange) keep(r sharedsocket.Reply) <-chan struct{} {
	n := len(r.Head) + len(r.Body)
	if x.overflow == nil && (len(x.data)+n <= replyMemory && x.e.buffered.Load() < totalMemory || len(x.data) == 0) {
		x.parts = append(x.parts, part{len(r.Head), len(r.Body)})
		x.data = append(append(x.data, r.Head...), r.Body...)
		x.e.buffered.Add(int64(n))
		return nil
	}
	// A head never comes here: it is the first of a reply, or follows interim
	// heads, which are small.
	rest := r.Body
	if len(r.Head) > 0 {
		x.parts = append(x.parts, part{len(r.Head), 0})
		x.data = append(x.data, r.Head...)
		x.e.buffered.Add(int64(len(r.Head)))
	}
	if x.overflow == nil && len(x.tail) == 0 {
		x.overflow, _ = x.e.spool.create() // without a file the tail takes it
	}
	if x.overflow != nil && len(x.tail) == 0 && x.overflow.size-x.taken+int64(len(rest)) <= x.e.cfg.MaxSpool {
		n, _ := x.overflow.Write(rest)
		rest = rest[n:]
		if len(rest) == 0 {
			return nil
		}
	}
	x.tail = append(x.tail, rest...)
	x.e.buffered.Add(int64(len(rest)))
	if x.final {
		return nil
	}
	if x.room == nil {
		x.room = make(chan struct{})
	}
	return x.room
}

// delivery is what a connection takes from its exchange at once.
type delivery struct {
	parts    []part
	data     []byte
	overflow *spoolFile // to be read from..upto after data
	from     int64
	upto     int64
	tail     []byte // after overflow
	final    bool
	err      error
}

// collect takes what has come. The slices of the last delivery are used again.
func (x *exchange) collect(d *delivery) {
	x.mu.Lock()
	defer x.mu.Unlock()
	d.parts, x.parts = x.parts, d.parts[:0]
	d.data, x.data = x.data, d.data[:0]
	d.tail, x.tail = x.tail, nil
	d.overflow, d.from = x.overflow, x.taken
	if x.overflow != nil {
		d.upto = x.overflow.size
		x.taken = d.upto
	}
	x.e.buffered.Add(-int64(len(d.data) + len(d.tail)))
	d.final, d.err = x.final, x.err
}

// relieve lets the worker go on when all of a delivery was sent.
func (x *exchange) relieve() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.room != nil && len(x.tail) == 0 {
		close(x.room)
		x.room = nil
	}
}

// detach leaves the exchange to itself: the client is gone.
func (x *exchange) detach() {
	x.mu.Lock()
	x.detached = true
	over := x.final
	if x.room != nil {
		close(x.room)
		x.room = nil
	}
	x.mu.Unlock()
	if over {
		x.free()
		return
	}
	x.e.cfg.Socket.Withdraw(&x.Exchange)
}
