package worker

import "syscall"

// read reads once from the raw descriptor of a socket and blocks until there is something.
// It returns 0 at the end.
func read(fd int, b []byte) (int, error) {
	for {
		n, err := receive(fd, b)
		switch err {
		case nil:
			return n, nil
		case syscall.EINTR:
		case syscall.EAGAIN:
			await(fd, pollIn)
		default:
			return 0, err
		}
	}
}

// write writes once to a raw descriptor and blocks until there is room.
func write(fd int, b []byte) (int, error) {
	for {
		n, err := syscall.Write(fd, b)
		switch err {
		case nil:
			return n, nil
		case syscall.EINTR:
		case syscall.EAGAIN:
			await(fd, pollOut)
		default:
			return 0, err
		}
	}
}

// writeAll writes all of b to a stream.
func writeAll(fd int, b []byte) error {
	for len(b) > 0 {
		n, err := write(fd, b)
		if err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// sendRecord sends one record to the server; errServerGone means that nobody
// reads any more.
func sendRecord(fd int, b []byte) error {
	if sendNow(fd, b) == 0 {
		return nil
	}
	_, err := write(fd, b)
	if err == syscall.EPIPE || err == syscall.ECONNRESET {
		return errServerGone
	}
	return err
}

// awaitHangUp returns when the other end of a socket, on which nothing is ever
// sent to us, was closed.
func awaitHangUp(fd int) {
	var b [1]byte
	for {
		if n, err := read(fd, b[:]); n == 0 || err != nil {
			return
		}
	}
}
