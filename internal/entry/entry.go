// Package entry is the HTTP side of the server: listeners, HTTP/1.1
// connections, limits, buffering, built-in endpoints and error answers. It
// hands every request to the shared socket and knows nothing of processes.
//
// Each connection has a goroutine. What it waits for has no timer of its own:
// one sweeper looks at all connections ten times a second, so that a request
// costs no timer and no deadline, and a client that is gone is noticed without
// a goroutine that watches for it.
package entry

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// Entry serves HTTP.
type Entry struct {
	cfg    Config
	clock  clock
	spool  *spool
	ids    *requestIDs
	roots  *roots
	mounts []mount // longest prefix first, nil = none

	// Of the shared socket. Tests put others in their place.
	submit   func(*sharedsocket.Exchange) error
	withdraw func(*sharedsocket.Exchange)

	reserve  reserve
	stopping atomic.Bool
	stopTick atomic.Uint64 // when stopping began

	lastAccepts time.Duration // see the constant
	accepts     sync.WaitGroup
	sweeping    chan struct{} // closed to end the sweeper
	swept       chan struct{}

	requests  atomic.Uint64
	streaming atomic.Int64
	memory    atomic.Int64  // bytes of replies in memory, see inbox.recount
	room      chan struct{} // a connection has departed
	doorstep  chan struct{} // holds one for each connection that is being turned away

	mu        sync.Mutex
	listeners []net.Listener
	conns     []*conn
	addresses map[netip.Addr]int // connections by peer.site, when that is limited
	shut      bool               // nothing is accepted any more
	none      chan struct{}      // closed when shut and no connection is left
}

// New makes an entry. What killed servers left in SpoolDir is removed. The
// error is ErrSpool, or that a folder in SendfileRoots does not exist.
func New(cfg Config) (*Entry, error) {
	return newEntry(cfg, cfg.Socket.Submit, cfg.Socket.Withdraw)
}

func newEntry(cfg Config, submit func(*sharedsocket.Exchange) error, withdraw func(*sharedsocket.Exchange)) (*Entry, error) {
	cfg.fill()
	spool, err := newSpool(cfg.SpoolDir)
	if err != nil {
		return nil, err
	}
	roots, err := newRoots(cfg.SendfileRoots)
	if err != nil {
		spool.close()
		return nil, err
	}
	e := &Entry{
		cfg:       cfg,
		spool:     spool,
		ids:       newRequestIDs(),
		roots:     roots,
		mounts:    newMounts(cfg.Static),
		submit:    submit,
		withdraw:  withdraw,
		sweeping:  make(chan struct{}),
		swept:     make(chan struct{}),
		room:      make(chan struct{}, 1),
		doorstep:  make(chan struct{}, min(doorstep, descriptors()/16)),
		addresses: make(map[netip.Addr]int),
		none:      make(chan struct{}),

		lastAccepts: lastAccepts,
	}
	e.reserve.open()
	e.clock.set(time.Now())
	go e.sweep()
	return e, nil
}

// Serve accepts connections from l in the background until Stop, which closes
// it. Keep-alive probes of TCP are of no use to an entry: a listener made with
// net.ListenConfig{KeepAlive: -1} saves four system calls per connection.
func (e *Entry) Serve(l net.Listener) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopping.Load() {
		l.Close()
		return
	}
	e.listeners = append(e.listeners, l)
	e.accepts.Add(1)
	go e.accept(l)
}

// Counts is the state of the entry at one moment.
type Counts struct {
	Connections int
	Idle        int    // of those, how many wait for a request
	Waiting     int    // of those, how many wait for a worker's reply
	Requests    uint64 // since the start, those refused too
	Streaming   int    // replies that have begun and are not complete
	Spools      int    // files in the spool folder
	Spooled     int64  // bytes in them
}

// Counts returns the state of the entry now.
func (e *Entry) Counts() Counts {
	n := Counts{
		Requests:  e.requests.Load(),
		Streaming: int(e.streaming.Load()),
		Spools:    int(e.spool.files.Load()),
		Spooled:   e.spool.bytes.Load(),
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	n.Connections = len(e.conns)
	for _, c := range e.conns {
		switch c.phase() {
		case phaseIdle:
			n.Idle++
		case phaseWait:
			n.Waiting++
		}
	}
	return n
}

// Stop ends the entry. Until ctx ends it answers what is in flight and what
// still arrives on open connections, with Connection: close; a connection on
// which nothing arrives for a second is closed. So the only request that can be
// lost is one that was sent on a connection that had been silent before and
// passes the server's FIN on its way, which is inherent to HTTP/1.1
// (RFC 9112 section 9.5); it was not begun, and clients send it again.
//
// Stop returns when no connection is left. When ctx ends before that, those
// that are left are cut and the error is that of ctx.
func (e *Entry) Stop(ctx context.Context) error {
	if !e.beginStop() {
		return nil
	}
	var err error
	select {
	case <-e.none:
	case <-ctx.Done():
		err = ctx.Err()
		e.cutAll()
		<-e.none
	}
	close(e.sweeping)
	<-e.swept
	e.reserve.close()
	e.spool.close()
	return err
}

// beginStop ends accepting. It returns false when the entry was stopped before.
func (e *Entry) beginStop() bool {
	e.mu.Lock()
	if e.stopping.Load() {
		e.mu.Unlock()
		return false
	}
	e.stopTick.Store(e.clock.now())
	e.stopping.Store(true)
	for _, l := range e.listeners {
		endAccepting(l, e.lastAccepts)
	}
	e.mu.Unlock()
	e.accepts.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.shut = true
	if len(e.conns) == 0 {
		close(e.none)
	}
	return true
}

func (e *Entry) cutAll() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range e.conns {
		c.cut()
	}
}
