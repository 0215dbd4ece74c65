package entry

import "golang.org/x/sys/unix"

// taking is what the sweeper has seen of how a client takes what it is sent.
// That the kernel takes more from the server says little: it does so in steps
// of up to megabytes, for which a slow client needs minutes, and a client that
// takes nothing is not noticed while little is sent. What tells is how much the
// client has acknowledged.
type taking struct {
	word  uint64 // of the deadline when it was last looked at
	acked uint64 // bytes acknowledged by then
	since uint64 // tick from which on that has not changed, while there was more
}

// stalls tells whether the client has taken nothing for limit ticks although
// there is something. word is that of the connection's deadline.
func (c *conn) stalls(word, now, limit uint64) bool {
	acked, more, known := acknowledged(c.raw)
	if !known {
		return phaseOf(word) == phaseWrite && now-word>>8 > limit
	}
	t := &c.taking
	if !more || acked != t.acked || word != t.word {
		*t = taking{word, acked, now}
		return false
	}
	return now-t.since > limit
}

// clientGone tells whether the client has ended its side. A client that only
// shuts down its sending side counts as gone, as it does for net/http and
// nginx; one that has sent something more does not.
func (c *conn) clientGone() (gone bool) {
	err := c.raw.Control(func(fd uintptr) {
		var b [1]byte
		n, _, err := unix.Recvfrom(int(fd), b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		gone = n == 0 && err == nil || err != nil && err != unix.EAGAIN && err != unix.EINTR
	})
	return gone || err != nil
}
