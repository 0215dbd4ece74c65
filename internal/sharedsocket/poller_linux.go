package sharedsocket

import (
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/nowait"
)

// poller waits for the first bytes on many connections at once: an epoll(7)
// instance that itself waits in Go's poller. A descriptor is in it for one
// arrival and leaves it by being closed.
type poller struct {
	arrived func(*carrier)
	file    *os.File
	fd      int // of file
	ended   chan struct{}

	mu      sync.Mutex
	waiting []*carrier // by descriptor
}

// newPoller returns nil when the kernel has no descriptors left, or no such
// instance may wait in another.
func newPoller(arrived func(*carrier)) *poller {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil
	}
	if err := unix.SetNonblock(fd, true); err != nil { // for os.NewFile to give it to Go's poller
		unix.Close(fd)
		return nil
	}
	p := &poller{arrived: arrived, file: os.NewFile(uintptr(fd), "epoll"), fd: fd, ended: make(chan struct{})}
	if p.file.SetReadDeadline(time.Time{}) != nil {
		p.file.Close()
		return nil
	}
	go p.run()
	return p
}

// add has arrived called once, when there is something to be read or the
// connection ends. The carrier belongs to the poller until then. It returns
// false when that cannot be.
func (p *poller) add(c *carrier) bool {
	fd := c.fd
	p.mu.Lock()
	for len(p.waiting) <= fd {
		p.waiting = append(p.waiting, nil)
	}
	p.waiting[fd] = c
	p.mu.Unlock()
	// Once is all that a later owner of the same number can bear.
	event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLONESHOT, Fd: int32(fd)}
	if unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &event) == nil {
		return true
	}
	p.take(fd)
	return false
}

func (p *poller) take(fd int) *carrier {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.waiting[fd]
	p.waiting[fd] = nil
	return c
}

func (p *poller) run() {
	defer close(p.ended)
	raw, err := p.file.SyscallConn()
	if err != nil {
		return
	}
	var events [64]unix.EpollEvent
	_ = raw.Read(func(uintptr) bool {
		for {
			n := nowait.Poll(p.fd, events[:])
			if n <= 0 {
				return false
			}
			for i := range events[:n] {
				p.arrived(p.take(int(events[i].Fd)))
			}
		}
	})
}

// close ends the poller, in which nobody may wait any more.
func (p *poller) close() {
	p.file.Close()
	<-p.ended
}
