package worker

import (
	"context"
	"sync"
	"time"
)

// lookEvery is how often the ledger is looked at for a context that somebody
// waits for.
const lookEvery = 100 * time.Millisecond

// requestContext is cancelled when the client has gone and when the handler
// has returned. It costs nothing until somebody asks for Done.
type requestContext struct {
	seat *seat
	slot uint32
	id   uint64

	mu    sync.Mutex
	ended bool
	watch *watch // nil until it is needed
}

// watch is what becomes of a requestContext once somebody waits for it.
type watch struct {
	context.Context
	stop  context.CancelFunc
	timer *time.Timer // nil when it was over already
}

// Deadline implements context.Context. There is none: the server ends a
// request that takes too long by ending the worker.
func (c *requestContext) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Done implements context.Context.
func (c *requestContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open()
	return c.watch.Done()
}

// Err implements context.Context.
func (c *requestContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watch == nil {
		if !c.over() {
			return nil
		}
		c.open()
	}
	return c.watch.Err()
}

// Value implements context.Context. Asking the inner context lets those that
// are derived from this one be cancelled without a goroutine each.
func (c *requestContext) Value(key any) any {
	c.mu.Lock()
	watch := c.watch
	c.mu.Unlock()
	if watch == nil {
		return nil
	}
	return watch.Value(key)
}

// open makes the inner context and watches the client for it.
func (c *requestContext) open() {
	if c.watch != nil {
		return
	}
	inner, stop := context.WithCancel(context.Background())
	c.watch = &watch{Context: inner, stop: stop}
	if c.over() {
		stop()
		return
	}
	c.watch.timer = time.AfterFunc(lookEvery, c.look)
}

func (c *requestContext) look() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over() || c.seat.serverGone() {
		c.watch.stop()
		return
	}
	c.watch.timer.Reset(lookEvery)
}

// over reports whether nobody waits for the reply any more.
func (c *requestContext) over() bool {
	return c.ended || c.seat.cancelled(c.slot, c.id)
}

// end is called when the handler has returned.
func (c *requestContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.watch != nil && c.watch.timer != nil {
		c.watch.timer.Stop()
		c.watch.stop()
	}
}
