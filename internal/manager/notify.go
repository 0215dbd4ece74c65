package manager

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
)

// notifySocket is where a program that adopted the shared socket says that it is
// ready: NOTIFY_SOCKET of sd_notify(3). Each process has one of its own, and
// all of them are in a folder that only the server's user can open.
type notifySocket struct {
	conn *net.UnixConn
	path string
}

// notifySockets numbers them.
type notifySockets struct {
	dir  string
	last atomic.Uint64
}

// open makes the folder, without what a server that was killed has left in it.
func (n *notifySockets) open() error {
	if n.dir == "" {
		return nil
	}
	const longest, digits = 107, 10 // of a path that is a socket's (unix(7)); of a number
	if len(n.dir)+len("/")+digits > longest {
		return fmt.Errorf("the path %q is too long for sockets in it: set RIP_RUN_DIR to a shorter one", n.dir)
	}
	if err := os.RemoveAll(n.dir); err != nil {
		return err
	}
	return os.Mkdir(n.dir, 0o700)
}

func (n *notifySockets) close() {
	if n.dir != "" {
		_ = os.RemoveAll(n.dir) // the next server of this name does it else
	}
}

func (n *notifySockets) listen() (*notifySocket, error) {
	path := filepath.Join(n.dir, strconv.FormatUint(n.last.Add(1), 10))
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return nil, fmt.Errorf("make the notification socket: %w", err)
	}
	return &notifySocket{conn, path}, nil
}

// read calls ready for every message that says so, until close. File
// descriptors in a message are closed by not being taken, which is what
// sd_notify_barrier(3) waits for.
func (n *notifySocket) read(ready func()) {
	buf := make([]byte, 4096)
	for {
		size, err := n.conn.Read(buf)
		if err != nil {
			return
		}
		for line := range strings.Lines(string(buf[:size])) {
			if strings.TrimRight(line, "\n") == "READY=1" {
				ready()
			}
		}
	}
}

func (n *notifySocket) close() {
	n.conn.Close()
	_ = os.Remove(n.path)
}
