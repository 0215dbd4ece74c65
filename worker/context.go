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
	inner context.Context // nil until it is needed
	stop  context.CancelFunc
	timer *time.Timer
}

// Deadline implements context.Context. There is none: the server ends a
// request that takes too long by ending the worker.
func (c *requestContext) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Done implements context.Context.
func (c *requestContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open()
	return c.inner.Done()
}

// Err implements context.Context.
func (c *requestContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inner == nil {
		if !c.over() {
			return nil
		}
		c.open()
	}
	return c.inner.Err()
}

// Value implements context.Context. Asking the inner context lets those that
// are derived from this one be cancelled without a goroutine each.
func (c *requestContext) Value(key any) any {
	c.mu.Lock()
	inner := c.inner
	c.mu.Unlock()
	if inner == nil {
		return nil
	}
	return inner.Value(key)
}

// open makes the inner context and watches the client for it.
func (c *requestContext) open() {
	if c.inner != nil {
		return
	}
	c.inner, c.stop = context.WithCancel(context.Background())
	if c.over() {
		c.stop()
		return
	}
	c.timer = time.AfterFunc(lookEvery, c.look)
}

func (c *requestContext) look() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over() || c.seat.serverGone() {
		c.stop()
		return
	}
	c.timer.Reset(lookEvery)
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
	if c.timer != nil {
		c.timer.Stop()
		c.stop()
	}
}
