package entry

import "time"

const (
	// askAfter is after how many ticks of waiting it is looked whether the
	// client is still there.
	askAfter = 2

	// idleGrace is how long a connection may be idle during a stop: time for a
	// request that was on its way when the stop began.
	idleGrace = time.Second

	// lingerTime is how long a connection lingers while nothing arrives, and
	// lingerMost while something does.
	lingerTime = 2 * time.Second
	lingerMost = 30 * time.Second

	// sweepAll is up to how many connections are looked at on every tick. Of
	// more, it is a tenth on each.
	sweepAll = 1000
)

// limits are the deadlines of an entry in ticks.
type limits struct {
	idle, head, body, write, linger, grace uint64
}

// sweep counts the ticks, ends what takes too long, and notices clients that
// are gone.
func (e *Entry) sweep() {
	defer close(e.swept)
	cfg := &e.cfg
	lim := limits{
		ticks(cfg.IdleTimeout), ticks(cfg.HeadTimeout), ticks(cfg.BodyTimeout), ticks(cfg.WriteTimeout),
		ticks(lingerTime), ticks(idleGrace),
	}
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	var some []*conn
	place := 0
	for {
		select {
		case <-e.sweeping:
			return
		case now := <-ticker.C:
			e.clock.set(now)
			e.reserve.open() // after a shortage
			some, place = e.some(some[:0], place)
			for _, c := range some {
				e.look(c, &lim)
			}
			clear(some)
		}
	}
}

// some adds the connections whose turn it is to list, from place on, and
// returns where to go on.
func (e *Entry) some(list []*conn, place int) ([]*conn, int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.conns) <= sweepAll {
		return append(list, e.conns...), 0
	}
	if place >= len(e.conns) {
		place = 0
	}
	end := min(place+max(sweepAll, (len(e.conns)+9)/10), len(e.conns))
	return append(list, e.conns[place:end]...), end
}

func (e *Entry) look(c *conn, lim *limits) {
	word, now := c.word.Load(), e.clock.now()
	if word&flagExpired != 0 {
		return
	}
	age := now - word>>8
	over := false
	switch phaseOf(word) {
	case phaseIdle:
		over = age > lim.idle || e.stopping.Load() && min(age, now-e.stopTick.Load()) > lim.grace
		if !over && age >= askAfter && word&flagAsked == 0 {
			// The poller tells of each arrival once, and the connection does not
			// read again after a request that came in one piece: an end that
			// came with it is still to be found.
			if over = c.clientGone(); !over {
				c.word.CompareAndSwap(word, word|flagAsked)
			}
		}
	case phaseHead:
		over = age > lim.head
	case phaseBody:
		over = age > lim.body
	case phaseWait:
		switch {
		case age < askAfter:
		case c.clientGone():
			c.leave(lossLeft)
		case c.stalls(word, now, lim.write):
			c.leave(lossStalled)
		}
	case phaseWrite:
		over = c.stalls(word, now, lim.write)
	case phaseLinger:
		over = age > lim.linger
	}
	if over {
		c.expire(word)
	}
}
