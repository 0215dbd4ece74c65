package entry

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/rip-server/rip-server/internal/accesslog"
	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// Config is what an Entry is made from. What a limit of 0 means is said beside it.
type Config struct {
	Socket *sharedsocket.Socket
	Log    *slog.Logger   // nil = nothing is logged
	Access *accesslog.Log // nil = no access log

	// Before is called before a request is handed on; it may hold it up. A page
	// that it returns is the answer instead, to browsers: requests with GET
	// whose Accept names text/html. nil = nothing is called.
	Before func(browser bool) (page []byte)

	// Explain tells clients why no worker can start, in the worker's words: they
	// are the app's developers.
	Explain bool

	ServerPath string                         // answered "ok" by the entry alone, "" = off
	StatusPath string                         // answered with Status, "" = off
	Status     func() (code int, json []byte) // must not block

	Static map[string]string // folders, absolute, whose files are served by what paths begin with: "/", or without a slash at the end

	Head          http1.Limits  // of request heads; zeros: http1.DefaultLimits. Head is at most 64 KiB
	MaxBody       int64         // bytes of a request body, beyond it 413; 0 = 100 MiB
	HeadTimeout   time.Duration // from the first byte of a head to its last, beyond it 408; 0 = 10 s
	BodyTimeout   time.Duration // without a byte of a body, beyond it 408; 0 = 30 s
	WriteTimeout  time.Duration // without a byte taken by the client, then it is cut; 0 = 60 s
	IdleTimeout   time.Duration // between two requests of a connection; 0 = 75 s
	MaxRequests   int           // on one connection, 0 = no end
	MaxConns      int           // connections in total; 0 = as many as descriptors allow
	Descriptors   int           // what the rest of the server needs of them, workers being started say
	MaxConnsPerIP int           // connections from one IPv4 address or IPv6 network of 64 bits, but for trusted proxies; 0 = no end

	SpoolDir string // where this server makes a private folder for bodies and replies that do not fit in memory; made when it is missing
	MaxSpool int64  // bytes of one reply that wait in a file; 0 = 1 GiB

	TrustedProxies []netip.Prefix // whose forwarding fields are believed
	SendfileRoots  []string       // folders whose files an app may name in X-Sendfile
}

// maxHead bounds Config.Head.Head: a head and the fields that the entry adds
// must fit a record with a body of wire.MaxInlineBody bytes, or a path.
const maxHead = 64 << 10

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
	if c.Head.Head > maxHead {
		c.Head.Head = maxHead
	}
	if c.MaxConns == 0 {
		c.MaxConns = affordable(c.Descriptors)
	}
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
