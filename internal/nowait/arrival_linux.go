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
	return Poll(a.fd, events[:]) > 0 && (events[0].Events|events[1].Events)&unix.EPOLLIN != 0
}

// Close ends the watching.
func (a *Arrival) Close() { unix.Close(a.fd) }

// Poll is epoll_wait(2) without waiting. It returns how many events there are,
// -1 after an error. There must be room for one.
func Poll(epoll int, events []unix.EpollEvent) int {
	n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(epoll), uintptr(unsafe.Pointer(unsafe.SliceData(events))), uintptr(len(events)), 0, 0, 0)
	if errno != 0 {
		return -1
	}
	return int(n)
}
