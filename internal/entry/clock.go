package entry

import (
	"net/http"
	"sync/atomic"
	"time"
)

// clock keeps the Date field (RFC 9110 section 6.6.1), which changes once a
// second, ready to be copied.
type clock struct {
	date atomic.Pointer[dateField]
}

type dateField struct {
	second int64
	line   []byte
}

func newClock() *clock {
	c := &clock{}
	c.set(time.Now())
	return c
}

func (c *clock) set(now time.Time) *dateField {
	d := &dateField{now.Unix(), []byte("Date: " + now.UTC().Format(http.TimeFormat) + "\r\n")}
	c.date.Store(d)
	return d
}

// appendDate appends the Date field line of that moment.
func (c *clock) appendDate(b []byte, now time.Time) []byte {
	d := c.date.Load()
	if d.second != now.Unix() {
		d = c.set(now)
	}
	return append(b, d.line...)
}
