package driver

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Load is what clients do. Every request has an id of its own and goes to a
// path that the lab app answers with an echo, which is checked to the last
// byte of the body.
type Load struct {
	Clients  int
	Requests int           // in total; 0 = until Stop
	MaxBody  int           // bytes
	Pause    time.Duration // the longest before a request; each is drawn at random
	Manners  []Manner
}

// Manner is how a client uses its connections. Clients take turns in them.
type Manner string

const (
	KeepAlive Manner = "keep-alive" // one request after another on one connection
	OneShot   Manner = "one-shot"   // a connection for each request
	Pipelined Manner = "pipelined"  // several requests at once on one connection
	Upload    Manner = "upload"     // POST with bodies up to MaxBody, with a length or chunked
)

// Mixed is load of every kind with bodies up to 1 MB.
func Mixed(clients int) Load {
	return Load{Clients: clients, MaxBody: 1 << 20, Manners: []Manner{KeepAlive, OneShot, Pipelined, Upload}}
}

// Plain is GET after GET.
func Plain(clients, requests int) Load {
	return Load{Clients: clients, Requests: requests, Manners: []Manner{KeepAlive}}
}

// Running is load that is going on.
type Running struct {
	load     Load
	prefix   string // of all ids
	taken    atomic.Int64
	answered atomic.Int64
	stopped  atomic.Bool
	clients  []*client
	all      sync.WaitGroup
}

var loads atomic.Int64

// Load begins to put load on the server.
func (s *Server) Load(l Load) *Running {
	r := &Running{load: l, prefix: fmt.Sprintf("load%d-", loads.Add(1))}
	for i := range l.Clients {
		c := &client{server: s, running: r, manner: l.Manners[i%len(l.Manners)], random: rand.New(rand.NewPCG(uint64(i), 1))}
		r.clients = append(r.clients, c)
		r.all.Go(c.run)
	}
	return r
}

// take returns up to n new ids.
func (r *Running) take(n int) []string {
	if r.stopped.Load() {
		return nil
	}
	last := int(r.taken.Add(int64(n)))
	end := last
	if r.load.Requests > 0 {
		end = min(last, r.load.Requests)
	}
	var ids []string
	for i := last - n; i < end; i++ {
		ids = append(ids, fmt.Sprintf("%s%d", r.prefix, i))
	}
	return ids
}

// AtLeast returns an error until so many requests have an outcome.
func (r *Running) AtLeast(n int) error {
	if got := int(r.answered.Load()); got < n {
		return fmt.Errorf("%d answers so far", got)
	}
	return nil
}

// Wait waits until all requests are done and returns what became of them.
func (r *Running) Wait() *Outcomes {
	r.all.Wait()
	o := &Outcomes{prefix: r.prefix}
	for _, c := range r.clients {
		o.All = append(o.All, c.outcomes...)
	}
	return o
}

// Stop lets the requests under way finish and returns what became of all.
func (r *Running) Stop() *Outcomes {
	r.stopped.Store(true)
	return r.Wait()
}

// noise is what bodies are cut from.
var noise = sync.OnceValue(func() []byte {
	b := make([]byte, 2<<20)
	random := rand.NewChaCha8([32]byte{1})
	random.Read(b) // never fails
	return b
})

// Noise returns n random bytes, others for another seed.
func Noise(n int, seed uint64) []byte {
	if n <= len(noise()) {
		start := int(seed*7919) % (len(noise()) - n + 1)
		return noise()[start : start+n]
	}
	b := make([]byte, n)
	for i := 0; i < n; i += len(noise()) {
		copy(b[i:], noise())
	}
	return b
}
