// Package entry is the HTTP side of the server: listeners, HTTP/1.1
// connections, limits, buffering, built-in endpoints and error answers. It
// hands every request to the shared socket and knows nothing of processes.
//
// Each connection has a goroutine. It never waits for a deadline of its own:
// one sweeper for all connections looks at the clock, so that a request costs
// no timer.
package entry

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rip-server/rip-server/internal/accesslog"
	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// Config is what an Entry is made from. A limit that is 0 is as in the comment.
type Config struct {
	Socket *sharedsocket.Socket
	Log    *slog.Logger
	Access *accesslog.Log // nil = no access log

	// Before is called before a request is handed on; it may hold it up. A page
	// that it returns is the answer instead, to browsers: requests with GET
	// whose Accept names text/html. nil = nothing is called.
	Before func(browser bool) (page []byte)

	ServerPath string // answered "ok" by the entry alone, "" = off
	StatusPath string // answered with Status, "" = off
	Status     func() (code int, json []byte)

	Head           http1.Limits  // of request heads; zeros: http1.DefaultLimits
	MaxBody        int64         // bytes of a request body, beyond it 413; 0 = 100 MiB
	HeadTimeout    time.Duration // from the first byte of a head to its last, beyond it 408; 0 = 10 s
	BodyTimeout    time.Duration // without a byte of a body, beyond it 408; 0 = 30 s
	WriteTimeout   time.Duration // without a byte taken by the client, then it is cut; 0 = 60 s
	IdleTimeout    time.Duration // between two requests of a connection; 0 = 75 s
	MaxRequests    int           // on one connection, 0 = no end
	MaxConns       int           // connections in total, 0 = no end
	MaxConnsPerIP  int           // connections from one address, 0 = no end
	SpoolDir       string        // private folder for bodies and replies that do not fit in memory
	MaxSpool       int64         // bytes of one reply that wait in a file; 0 = 1 GiB
	TrustedProxies []netip.Prefix
	SendfileRoots  []string // folders whose files an app may name in X-Sendfile
}

// Entry serves HTTP.
type Entry struct {
	cfg   Config
	clock *clock
	spool *spool
	ids   *requestIDs
	roots []string // SendfileRoots, resolved

	stopping atomic.Bool
	stopped  time.Time // when stopping began
	accepts  sync.WaitGroup
	sweeping chan struct{} // closed to end the sweeper
	swept    chan struct{}

	requests  atomic.Uint64
	streaming atomic.Int64
	buffered  atomic.Int64 // bytes of replies in memory

	mu        sync.Mutex
	listeners []net.Listener
	conns     map[*conn]struct{}
	addresses map[string]int // connections by address, when that is limited
	none      chan struct{}  // closed when stopping and no connection is left
}

func (c *Config) fill() {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&c.HeadTimeout, 10*time.Second)
	def(&c.BodyTimeout, 30*time.Second)
	def(&c.WriteTimeout, 60*time.Second)
	def(&c.IdleTimeout, 75*time.Second)
	if c.MaxBody == 0 {
		c.MaxBody = 100 << 20
	}
	if c.MaxSpool == 0 {
		c.MaxSpool = 1 << 30
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
}

// New makes an entry. What an earlier, killed server left in SpoolDir is
// removed. The error is that the folder cannot be made private.
func New(cfg Config) (*Entry, error) {
	cfg.fill()
	spool, err := newSpool(cfg.SpoolDir)
	if err != nil {
		return nil, err
	}
	e := &Entry{
		cfg:       cfg,
		clock:     newClock(),
		spool:     spool,
		ids:       newRequestIDs(),
		sweeping:  make(chan struct{}),
		swept:     make(chan struct{}),
		conns:     make(map[*conn]struct{}),
		addresses: make(map[string]int),
		none:      make(chan struct{}),
	}
	if e.roots, err = resolveRoots(cfg.SendfileRoots); err != nil {
		return nil, err
	}
	go e.sweep()
	return e, nil
}

// Serve accepts connections from l in the background until Stop.
func (e *Entry) Serve(l net.Listener) {
	e.mu.Lock()
	e.listeners = append(e.listeners, l)
	e.mu.Unlock()
	e.accepts.Add(1)
	go e.accept(l)
}

// Counts is the state of the entry at one moment.
type Counts struct {
	Connections int
	Requests    uint64 // since the start, those refused too
	Streaming   int    // replies that have begun and are not complete
	Spooled     int64  // bytes in spool files
	Spools      int    // spool files
}

// Counts returns the state of the entry now.
func (e *Entry) Counts() Counts {
	e.mu.Lock()
	connections := len(e.conns)
	e.mu.Unlock()
	return Counts{
		Connections: connections,
		Requests:    e.requests.Load(),
		Streaming:   int(e.streaming.Load()),
		Spooled:     e.spool.bytes.Load(),
		Spools:      int(e.spool.files.Load()),
	}
}

// Stop ends the entry. It stops accepting at once, and answers what is in
// flight and what arrives on open connections with Connection: close. It
// returns when no connection is left, or cuts those that are when ctx ends.
func (e *Entry) Stop(ctx context.Context) error {
	e.mu.Lock()
	if e.stopping.Load() {
		e.mu.Unlock()
		return nil
	}
	e.stopped = time.Now()
	e.stopping.Store(true)
	for _, l := range e.listeners {
		l.Close()
	}
	if len(e.conns) == 0 {
		close(e.none)
	}
	e.mu.Unlock()
	e.accepts.Wait()
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
	return err
}

func (e *Entry) cutAll() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := range e.conns {
		c.cut()
	}
}
