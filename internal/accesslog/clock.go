package accesslog

import "time"

// clock writes times. What changes once a second it keeps, because that is
// most of the work; the milliseconds are put in anew each time.
type clock struct {
	second   int64
	location *time.Location
	between  byte
	text     []byte // 2026-11-24 03:00:00.123+00:00, in the time's own zone
}

const (
	millisAt = len("2026-11-24 03:00:00.")
	zoneAt   = millisAt + len("123")
)

// stamp returns t with the given byte between date and time. It is valid until
// the next call.
func (c *clock) stamp(t time.Time, between byte) []byte {
	second, location := t.Unix(), t.Location()
	if c.text == nil || second != c.second || location != c.location || between != c.between {
		c.second, c.location, c.between = second, location, between
		c.text = t.AppendFormat(c.text[:0], "2006-01-02 15:04:05.000-07:00")
		c.text[len("2026-11-24")] = between
	}
	ms := t.Nanosecond() / 1e6
	c.text[millisAt] = byte('0' + ms/100)
	c.text[millisAt+1] = byte('0' + ms/10%10)
	c.text[millisAt+2] = byte('0' + ms%10)
	return c.text
}
