package sharedsocket

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// backlog is how many connections may wait to be accepted; the kernel caps it
// at net.core.somaxconn (listen(2)).
const backlog = 4096

// dying is how long the workers of a server that was killed may take to close
// the socket: they end by themselves, but not before the next server can start.
const dying = 2 * time.Second

// bindListen binds and listens, and owns fd: it is closed on failure.
func bindListen(fd int, path string) (int, error) {
	if err := clearPath(path); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: path}); err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("bind %q: %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.Listen(fd, backlog); err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("listen on %q: %w", path, err)
	}
	return fd, nil
}

// clearPath removes a socket that a server left behind. One that somebody
// listens on, and anything that is no socket, is an error and stays.
func clearPath(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != os.ModeSocket {
		return fmt.Errorf("%q exists and is not a socket", path)
	}
	conn, err := net.Dial("unix", path)
	for end := time.Now().Add(dying); err == nil; conn, err = net.Dial("unix", path) {
		conn.Close()
		if time.Now().After(end) {
			return fmt.Errorf("%q is in use by another process", path)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !errors.Is(err, unix.ECONNREFUSED) {
		return fmt.Errorf("look at %q: %w", path, err)
	}
	return os.Remove(path)
}
