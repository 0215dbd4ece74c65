package entry

import (
	"time"
)

const (
	// sweepEvery is how exact the deadlines of connections are.
	sweepEvery = 100 * time.Millisecond

	// askAfter is how long a request waits before it is looked whether its
	// client is still there.
	askAfter = 200 * time.Millisecond

	// idleGrace is how long a connection may be idle during a stop: time for a
	// request that was on its way when the stop began.
	idleGrace = time.Second
)

// phase is what a connection is doing, which decides what its deadline means.
const (
	phaseIdle    int32 = iota // waits for the first byte of a request
	phaseHead                 // reads a head
	phaseBody                 // reads a body
	phaseWait                 // waits for a reply
	phaseWrite                // writes to the client
	phaseClosing              // lingers
)

// sweep ends what takes too long, and notices clients that are gone.
func (e *Entry) sweep() {
	defer close(e.swept)
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	var all []*conn
	for {
		select {
		case <-e.sweeping:
			return
		case now := <-ticker.C:
			all = all[:0]
			e.mu.Lock()
			for c := range e.conns {
				all = append(all, c)
			}
			e.mu.Unlock()
			for _, c := range all {
				e.look(c, now)
			}
			clear(all)
		}
	}
}

func (e *Entry) look(c *conn, now time.Time) {
	in := now.Sub(time.Unix(0, c.since.Load()))
	over := false
	switch c.phase.Load() {
	case phaseIdle:
		limit := e.cfg.IdleTimeout
		if e.stopping.Load() {
			limit = min(limit, idleGrace)
			in = min(in, now.Sub(e.stopped))
		}
		over = in > limit
	case phaseHead:
		over = in > e.cfg.HeadTimeout
	case phaseBody:
		over = in > e.cfg.BodyTimeout
	case phaseWait:
		if in > askAfter && c.peerGone() {
			c.leave()
		}
		return
	case phaseWrite:
		over = in > e.cfg.WriteTimeout
	case phaseClosing:
		over = in > lingerTime
	}
	if over {
		c.expire()
	}
}
