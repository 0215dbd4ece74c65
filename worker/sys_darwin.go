package worker

import (
	"encoding/binary"
	"syscall"
	"time"
)

// The syscall package of darwin has no poll(2); select(2) does the same for
// one descriptor.

const (
	pollIn  = 0x1
	pollOut = 0x4
)

// hungUp reports whether the other end of a socket was closed, as when the
// server died.
func hungUp(fd int) bool {
	var b [1]byte
	n, _, err := syscall.Recvfrom(fd, b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	return n == 0 && err == nil || err == syscall.ECONNRESET
}

// await blocks until a descriptor is ready for events. It is for the case that
// somebody set O_NONBLOCK on a descriptor that other processes share.
func await(fd int, events int16) {
	var set syscall.FdSet
	set.Bits[fd/32] |= 1 << (fd % 32)
	if events == pollOut {
		_ = syscall.Select(fd+1, nil, &set, nil, nil)
		return
	}
	_ = syscall.Select(fd+1, &set, nil, nil, nil)
}

// receive reads from a socket; it blocks.
func receive(fd int, b []byte) (int, error) { return syscall.Read(fd, b) }

// sendNow sends one record if there is room for it, which is not tried here.
func sendNow(int, []byte) syscall.Errno { return syscall.EAGAIN }

// accept takes a connection; it blocks. A child started at this very moment
// inherits it: darwin cannot mark it close-on-exec at once, and ForkLock must
// not be held while this blocks.
func accept(fd int) (int, error) {
	conn, _, err := syscall.Accept(fd)
	if err == nil {
		syscall.CloseOnExec(conn)
	}
	return conn, err
}

// monotonic returns CLOCK_MONOTONIC in ns, which the C library of darwin
// reckons as the time of day less the time of boot.
func monotonic() uint64 {
	now := time.Now()
	boot, err := syscall.Sysctl("kern.boottime") // a struct timeval
	if err != nil || len(boot) < 12 {
		return uint64(now.UnixNano())
	}
	seconds := binary.LittleEndian.Uint64([]byte(boot[:8]))
	micros := binary.LittleEndian.Uint32([]byte(boot[8:12]))
	return uint64(now.UnixNano()) - seconds*1e9 - uint64(micros)*1e3
}

// processCPU returns the CPU time in ns that all threads of this process have
// spent.
func processCPU() uint64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return uint64(u.Utime.Nano() + u.Stime.Nano())
}
