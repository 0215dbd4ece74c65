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

// Receive is Read for a socket, recv(2), which spares what the kernel does for
// files. The descriptor may also block: MSG_DONTWAIT is set. However large b is,
// the kernel gets all of it: what does not fit of a record is lost.
func Receive(fd int, b []byte) (int, error) {
	return call(syscall.SYS_RECVFROM, fd, b, syscall.MSG_DONTWAIT)
}

// Send sends to a connected socket, send(2): one record, or of a stream perhaps
// less than all of b. The descriptor may also block: MSG_DONTWAIT is set, and
// MSG_NOSIGNAL.
func Send(fd int, b []byte) (int, error) {
	const flags = syscall.MSG_DONTWAIT | syscall.MSG_NOSIGNAL
	if len(b) > largest {
		return unix.SendmsgN(fd, b, nil, nil, flags)
	}
	return call(syscall.SYS_SENDTO, fd, b, flags)
}

// Connect begins a connection to a Unix stream socket at a path (unix(7)). With
// a descriptor that does not block EAGAIN means that the backlog is full.
func Connect(fd int, path string) error {
	address := unix.RawSockaddrUnix{Family: unix.AF_UNIX}
	if len(path) == 0 || len(path) >= len(address.Path) || path[0] == '@' {
		return unix.Connect(fd, &unix.SockaddrUnix{Name: path})
	}
	for i := range len(path) {
		address.Path[i] = int8(path[i])
	}
	size := unsafe.Offsetof(address.Path) + uintptr(len(path)) + 1
	_, _, errno := syscall.RawSyscall(syscall.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&address)), size)
	if errno != 0 {
		return errno
	}
	return nil
}

// Close is close(2) for a socket. There is no error of it that anybody could
// deal with: the descriptor is closed in any case.
func Close(fd int) { _, _, _ = syscall.RawSyscall(syscall.SYS_CLOSE, uintptr(fd), 0, 0) }

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
