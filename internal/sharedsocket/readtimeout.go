package sharedsocket

import (
	"time"

	"golang.org/x/sys/unix"
)

// limitReads sets how long a read of an empty queue lasts. Where that fails the
// read lasts, and a worker that counts on it answers a signal late.
func limitReads(fd int, d time.Duration) {
	if d > 0 {
		t := unix.NsecToTimeval(d.Nanoseconds())
		_ = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &t)
	}
}
