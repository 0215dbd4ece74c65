package control

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// maxPath is how long the path of a Unix socket can be, without the NUL:
// 107 bytes on Linux (unix(7)), 103 on darwin.
const maxPath = len(unix.RawSockaddrUnix{}.Path) - 1

// Listen opens the control socket of a name in the run folder, for this user
// alone. Claim the name first. What a dead server has left behind is replaced;
// a socket that somebody listens on, or something that is no socket, is not,
// and Listen returns an error. Closing the listener removes the socket.
func Listen(dir, name string) (net.Listener, error) {
	path := socketPath(dir, name)
	if len(path) > maxPath {
		return nil, fmt.Errorf("the path of the control socket %q has %d bytes, but the system allows %d: set RIP_RUN_DIR to a shorter folder",
			path, len(path), maxPath)
	}
	if err := removeStale(path, name); err != nil {
		return nil, err
	}
	// The mask belongs to the whole process. This one does no harm to a file
	// that is made elsewhere at the same time: its owner may all the same.
	mask := syscall.Umask(0o077)
	l, err := net.Listen("unix", path)
	syscall.Umask(mask)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("control socket: %w", err)
	}
	return l, nil
}

// removeStale makes sure that there is nothing at path.
func removeStale(path, name string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("control socket: %w", err)
	}
	if info.Mode().Type() != os.ModeSocket {
		return fmt.Errorf("%q is in the place of the control socket, but is no socket: move it away", path)
	}
	switch err := answers(path); {
	case err == nil:
		return &RunningError{Name: name}
	case !errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%q exists and may be in use: %w", path, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("old control socket: %w", err)
	}
	return nil
}

// answers returns nil when somebody listens on the socket, and ECONNREFUSED
// when it is certain that nobody does.
func answers(path string) error {
	conn, err := net.DialTimeout("unix", path, time.Second)
	if err != nil {
		return err
	}
	return conn.Close()
}
