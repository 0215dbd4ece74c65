package sharedsocket

import (
	"time"

	"golang.org/x/sys/unix"
)

// zero ties Go's monotonic clock to the same clock as workers read it, so
// that Now needs no system call: both are CLOCK_MONOTONIC, a constant apart.
var zero = func() struct {
	at time.Time
	ns uint64
} {
	var ts unix.Timespec
	at := time.Now()
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		panic(err) // no Linux or darwin is without it
	}
	return struct {
		at time.Time
		ns uint64
	}{at, uint64(ts.Nano())}
}()

// Now returns the time in ns of CLOCK_MONOTONIC (clock_gettime(2)).
func Now() uint64 { return zero.ns + uint64(time.Since(zero.at)) }
