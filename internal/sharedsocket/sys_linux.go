package sharedsocket

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/nowait"
)

// The descriptors here are raw on purpose. An os.File closes its descriptor
// when it is forgotten, and Go's poller would set O_NONBLOCK, which belongs to
// the open file and so to every worker that shares it.

// pair makes the shared socket of the seqpacket type: requests go in at the
// first end, which does not block, and come out at the second, which blocks
// for life.
func pair(sendBuffer int) (server, workers int, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, -1, fmt.Errorf("socketpair: %w", err)
	}
	if err := unix.SetNonblock(fds[0], true); err != nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
		return -1, -1, fmt.Errorf("set O_NONBLOCK: %w", err)
	}
	growSendBuffer(fds[0], sendBuffer)
	return fds[0], fds[1], nil
}

// growSendBuffer raises SO_SNDBUF as far as the kernel allows (socket(7)).
// Failure leaves the smaller buffer, with which everything works too.
func growSendBuffer(fd, size int) {
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, size) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, size)
	}
}

// listen makes the shared socket of the stream type. It blocks for life: it is
// the workers that accept.
func listen(path string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("socket: %w", err)
	}
	return bindListen(fd, path)
}

// dial begins a connection to the shared socket of the stream type. EAGAIN
// means that its backlog is full.
func dial(path string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, err
	}
	for {
		err = nowait.Connect(fd, path)
		if err != unix.EINTR {
			break
		}
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// send puts one record into the queue without waiting for room.
func send(fd int, record []byte) error {
	for {
		_, err := nowait.Send(fd, record)
		if err != unix.EINTR {
			return err
		}
	}
}

// queuedBytes returns the number of bytes that no worker has received yet.
func queuedBytes(workers int) int {
	n, err := unix.IoctlGetInt(workers, unix.TIOCINQ)
	if err != nil {
		return 0
	}
	return n
}

// hungUp tells whether the other end was closed or shut down.
func hungUp(fd int) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0 && fds[0].Revents&(unix.POLLHUP|unix.POLLRDHUP|unix.POLLERR) != 0
}

// replyPair makes a worker's own socket for replies. The server's end is for
// Go's poller, the worker's end blocks.
func replyPair() (server, worker int, err error) {
	server, worker, err = pair(1 << 20)
	if err != nil {
		return -1, -1, err
	}
	growSendBuffer(worker, 1<<20)
	return server, worker, nil
}

// page is memory that processes share.
type page struct {
	fd  int
	mem []byte
}

// newPage makes a memfd that nobody can shrink, which would kill whoever maps
// it (memfd_create(2), File sealing).
func newPage(name string, size int) (*page, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	p := &page{fd: fd}
	if err := unix.Ftruncate(fd, int64(size)); err != nil {
		p.close()
		return nil, fmt.Errorf("ftruncate: %w", err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW); err != nil {
		p.close()
		return nil, fmt.Errorf("seal memfd: %w", err)
	}
	p.mem, err = unix.Mmap(fd, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		p.close()
		return nil, fmt.Errorf("mmap: %w", err)
	}
	return p, nil
}

// freeze lets nobody but the mapping that exists already write to the page.
// Kernels before 5.1 lack that seal; there the descriptor that reader returns
// protects against mistakes, not against malice.
func (p *page) freeze() {
	_, _ = unix.FcntlInt(uintptr(p.fd), unix.F_ADD_SEALS, unix.F_SEAL_FUTURE_WRITE)
}

// reader opens the page again for reading only, as an open file of its own.
func (p *page) reader() (int, error) {
	fd, err := unix.Open("/proc/self/fd/"+strconv.Itoa(p.fd), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("open ledger for reading: %w", err)
	}
	return fd, nil
}

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

// newFence returns a full memory barrier on all processors, membarrier(2).
// Where the kernel refuses it (some sandboxes) time takes its place: stores
// leave a processor within microseconds, a tenth of a second is ample.
func newFence() func() {
	const global = 1 // MEMBARRIER_CMD_GLOBAL
	if supported, _, err := unix.Syscall(unix.SYS_MEMBARRIER, 0, 0, 0); err == 0 && supported&global != 0 {
		return func() {
			if _, _, err := unix.Syscall(unix.SYS_MEMBARRIER, global, 0, 0); err != 0 {
				time.Sleep(100 * time.Millisecond)
			}
		}
	}
	return func() { time.Sleep(100 * time.Millisecond) }
}

// dup returns a file of its own for a child, so that the caller may close it
// and the descriptor stays.
func dup(fd int, name string) (*os.File, error) {
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("duplicate %s: %w", name, err)
	}
	return os.NewFile(uintptr(n), name), nil
}

// ioctlReadable asks for the size of the next record (unix(7), SIOCINQ).
const ioctlReadable = unix.TIOCINQ

// keepBlocking clears O_NONBLOCK where a worker set it: the flag belongs to
// the open file, so it reaches every worker.
func keepBlocking(fd int) (unblocked bool, err error) {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil || flags&unix.O_NONBLOCK == 0 {
		return false, err
	}
	return true, unix.SetNonblock(fd, false)
}

// replacePair puts a new pair under the numbers of an old one (dup3(2)), so
// that a send under way at this moment never meets somebody else's descriptor.
func replacePair(server, workers, sendBuffer int) error {
	if sendBuffer == 0 {
		sendBuffer = wantedSendBuffer
	}
	newServer, newWorkers, err := pair(sendBuffer)
	if err != nil {
		return err
	}
	defer unix.Close(newServer)
	defer unix.Close(newWorkers)
	if err := unix.Dup3(newServer, server, unix.O_CLOEXEC); err != nil {
		return err
	}
	return unix.Dup3(newWorkers, workers, unix.O_CLOEXEC)
}
