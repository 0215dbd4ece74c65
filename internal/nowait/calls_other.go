//go:build !linux

package nowait

import "golang.org/x/sys/unix"

// Read is read(2). It returns 0, nil at the end of the file.
func Read(fd int, b []byte) (int, error) { return unix.Read(fd, b) }

// Receive is Read for a socket, recv(2).
func Receive(fd int, b []byte) (int, error) {
	n, _, err := unix.Recvfrom(fd, b, unix.MSG_DONTWAIT)
	return n, err
}

// Connect begins a connection to a Unix stream socket at a path (unix(7)).
func Connect(fd int, path string) error { return unix.Connect(fd, &unix.SockaddrUnix{Name: path}) }

// Close is close(2) for a socket.
func Close(fd int) { _ = unix.Close(fd) }

// Send sends to a connected socket, send(2): one record, or of a stream perhaps
// less than all of b.
func Send(fd int, b []byte) (int, error) {
	return unix.SendmsgN(fd, b, nil, nil, unix.MSG_DONTWAIT)
}
