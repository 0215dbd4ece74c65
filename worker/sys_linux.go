package worker

import (
	"syscall"
	"unsafe"
)

// System calls that neither os nor the poller may make for us: descriptor 3
// belongs to all workers and must stay blocking (O_NONBLOCK is a property of
// the open file), and forgotten os.Files close their descriptors.
//
// Calls that never block use RawSyscall, which spares the scheduler's books.

type pollFD struct {
	fd      int32
	events  int16
	revents int16
}

const (
	pollIn  = 0x1
	pollOut = 0x4
	pollHup = 0x10
	pollErr = 0x8
)

// hungUp reports whether the other end of a socket was closed, as when the
// server died.
func hungUp(fd int) bool {
	p := pollFD{fd: int32(fd)}
	var now syscall.Timespec
	_, _, _ = syscall.RawSyscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&p)), 1, uintptr(unsafe.Pointer(&now)), 0, 0, 0)
	return p.revents&(pollHup|pollErr) != 0
}

// await blocks until a descriptor is ready for events. It is for the case that
// somebody set O_NONBLOCK on a descriptor that other processes share.
func await(fd int, events int16) {
	p := pollFD{fd: int32(fd), events: events}
	_, _, _ = syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&p)), 1, 0, 0, 0, 0)
}

// receive reads from a socket; it blocks.
func receive(fd int, b []byte) (int, error) {
	n, _, errno := syscall.Syscall6(syscall.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), 0, 0, 0)
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil
}

// sendNow sends one record if there is room for it.
func sendNow(fd int, b []byte) syscall.Errno {
	_, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)),
		syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
	return errno
}

// accept takes a connection; it blocks.
func accept(fd int) (int, error) {
	conn, _, errno := syscall.Syscall6(syscall.SYS_ACCEPT4, uintptr(fd), 0, 0, syscall.SOCK_CLOEXEC, 0, 0)
	if errno != 0 {
		return -1, errno
	}
	return int(conn), nil
}

// monotonic returns CLOCK_MONOTONIC in ns.
func monotonic() uint64 { return gettime(1) }

// processCPU returns the CPU time in ns that all threads of this process have
// spent (CLOCK_PROCESS_CPUTIME_ID).
func processCPU() uint64 { return gettime(2) }

func gettime(id uintptr) uint64 {
	var ts syscall.Timespec
	_, _, _ = syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, id, uintptr(unsafe.Pointer(&ts)), 0)
	return uint64(ts.Nano())
}
