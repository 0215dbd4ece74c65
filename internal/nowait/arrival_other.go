//go:build !linux

package nowait

import "golang.org/x/sys/unix"

// Arrival tells whether something has arrived on one of two descriptors.
type Arrival struct{ fds [2]unix.PollFd }

// NewArrival watches two descriptors. One that is closed has nothing.
func NewArrival(fds [2]int) (*Arrival, error) {
	a := &Arrival{}
	for i, fd := range fds {
		a.fds[i] = unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}
	}
	return a, nil
}

// Any reports whether there is something to be read. An end is nothing.
func (a *Arrival) Any() bool {
	fds := a.fds
	n, err := unix.Poll(fds[:], 0)
	return err == nil && n > 0 && (fds[0].Revents|fds[1].Revents)&unix.POLLIN != 0
}

// Close ends the watching.
func (*Arrival) Close() {}
