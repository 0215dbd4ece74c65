package entry

import (
	"net/http"
	"sync/atomic"
	"time"
)

// tick is the unit in which the entry reckons deadlines. The sweeper counts
// them, and everybody else reads the count instead of the clock.
const tick = 100 * time.Millisecond

// clock is what the sweeper knows of the time.
type clock struct {
	ticks atomic.Uint64
	date  atomic.Pointer[[]byte] // the Date field (RFC 9110 section 6.6.1) as a line

	second int64 // of date
}

// set is called at every tick, by one goroutine at a time.
func (c *clock) set(now time.Time) {
	c.ticks.Add(1)
	if second := now.Unix(); second != c.second {
		c.second = second
		line := []byte("Date: " + now.UTC().Format(http.TimeFormat) + "\r\n")
		c.date.Store(&line)
	}
}

func (c *clock) now() uint64 { return c.ticks.Load() }

// appendDate appends the Date field.
func (c *clock) appendDate(b []byte) []byte { return append(b, *c.date.Load()...) }

// ticks returns how many ticks must pass until at least d has.
func ticks(d time.Duration) uint64 { return uint64((d+tick-1)/tick) + 1 }
