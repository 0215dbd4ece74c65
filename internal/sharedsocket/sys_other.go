//go:build !linux

package sharedsocket

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Away from Linux there is the stream type alone.

func pair(int) (server, workers int, err error) {
	return -1, -1, errors.New("the socket type seqpacket needs Linux; use --socket=stream")
}

func listen(path string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return -1, fmt.Errorf("socket: %w", err)
	}
	unix.CloseOnExec(fd)
	return bindListen(fd, path)
}

func dial(path string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return -1, err
	}
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: path}); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func send(int, []byte) error { return unix.EPIPE }

func queuedBytes(int) int { return 0 }

func hungUp(int) bool { return false }

func replyPair() (server, worker int, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		return -1, -1, fmt.Errorf("socketpair: %w", err)
	}
	unix.CloseOnExec(fds[0])
	unix.CloseOnExec(fds[1])
	if err := unix.SetNonblock(fds[0], true); err != nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
		return -1, -1, fmt.Errorf("set O_NONBLOCK: %w", err)
	}
	return fds[0], fds[1], nil
}

type page struct {
	fd  int
	mem []byte
}

func newPage(name string, size int) (*page, error) {
	f, err := os.CreateTemp("", "rip-"+name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	defer os.Remove(f.Name())
	if err := f.Truncate(int64(size)); err != nil {
		return nil, err
	}
	fd, err := unix.Dup(int(f.Fd()))
	if err != nil {
		return nil, err
	}
	unix.CloseOnExec(fd)
	p := &page{fd: fd}
	p.mem, err = unix.Mmap(fd, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *page) freeze() {}

func (p *page) reader() (int, error) { return unix.Dup(p.fd) }

func (p *page) close() {
	if p.mem != nil {
		_ = unix.Munmap(p.mem)
		p.mem = nil
	}
	if p.fd >= 0 {
		unix.Close(p.fd)
		p.fd = -1
	}
}

func newFence() func() { return func() { time.Sleep(100 * time.Millisecond) } }

func dup(fd int, name string) (*os.File, error) {
	n, err := unix.Dup(fd)
	if err != nil {
		return nil, fmt.Errorf("duplicate %s: %w", name, err)
	}
	unix.CloseOnExec(n)
	return os.NewFile(uintptr(n), name), nil
}

const ioctlReadable = 0x4004667f // FIONREAD of <sys/filio.h>

func keepBlocking(fd int) (unblocked bool, err error) {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil || flags&unix.O_NONBLOCK == 0 {
		return false, err
	}
	return true, unix.SetNonblock(fd, false)
}

func replacePair(int, int, int) error { return unix.ENOTSUP }
