package nowait

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Read is read(2). It returns 0, nil at the end of the file.
func Read(fd int, b []byte) (int, error) {
	if len(b) > largest {
		b = b[:largest]
	}
	return call(syscall.SYS_READ, fd, b, 0)
}

// Write is write(2). It may write less than all of b.
func Write(fd int, b []byte) (int, error) {
	if len(b) > largest {
		return unix.Write(fd, b)
	}
	return call(syscall.SYS_WRITE, fd, b, 0)
}

// Send sends one record to a connected socket (send(2)), whether or not the
// descriptor blocks: MSG_DONTWAIT is set, and MSG_NOSIGNAL.
func Send(fd int, record []byte) error {
	if len(record) > largest {
		return unix.Sendto(fd, record, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, nil)
	}
	_, err := call(syscall.SYS_SENDTO, fd, record, syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL)
	return err
}

func call(number uintptr, fd int, b []byte, flags uintptr) (int, error) {
	n, _, errno := syscall.RawSyscall6(number, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), flags, 0, 0)
	switch errno {
	case 0:
		return int(n), nil
	case syscall.EAGAIN:
		return -1, unix.EAGAIN // an interface that exists: nothing is allocated
	}
	return -1, errno
}
