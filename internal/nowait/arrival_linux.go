package nowait

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Arrival tells whether something has arrived on one of two descriptors. It is
// an epoll(7) instance: asking it when nothing has arrived is the cheapest
// system call that can tell.
type Arrival struct{ fd int }

// NewArrival watches two descriptors. One that is closed has nothing.
func NewArrival(fds [2]int) (*Arrival, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	for _, watched := range fds {
		event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(watched)}
		if err := unix.EpollCtl(fd, unix.EPOLL_CTL_ADD, watched, &event); err != nil {
			unix.Close(fd)
			return nil, fmt.Errorf("epoll_ctl: %w", err)
		}
	}
	return &Arrival{fd}, nil
}

// Any reports whether there is something to be read. An end is nothing.
func (a *Arrival) Any() bool {
	var events [2]unix.EpollEvent
	n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(a.fd), uintptr(unsafe.Pointer(&events)), uintptr(len(events)), 0, 0, 0)
	return errno == 0 && n > 0 && (events[0].Events|events[1].Events)&unix.EPOLLIN != 0
}

// Close ends the watching.
func (a *Arrival) Close() { unix.Close(a.fd) }
