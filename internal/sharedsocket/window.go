package sharedsocket

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	// recordOverhead is what a record costs of the send buffer beyond its own
	// bytes: 425,984 bytes hold 333 small records.
	recordOverhead = 1280

	// mostInFlight bounds the window where the buffer would allow more. Beyond
	// it a longer kernel queue gains no throughput, and expiry and order are
	// exact only in the queue in user space.
	mostInFlight = 1024
)

// window is how much may be in flight. It stays well under what the kernel
// queue holds, so that a send practically never finds it full.
type window struct {
	n, most   int  // exchanges
	bytes, of int  // bytes of the send buffer
	exact     bool // most may be 0, else there is always room for one
}

// seqpacketWindow takes half of the send buffer.
func seqpacketWindow(fd int) window {
	size, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF)
	if err != nil {
		size = 64 << 10
	}
	return window{most: mostInFlight, of: size / 2}
}

// streamWindow takes half of the backlog.
func streamWindow() window {
	most := backlog
	if b, err := os.ReadFile("/proc/sys/net/core/somaxconn"); err == nil {
		if n, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil {
			most = min(most, n)
		}
	} else {
		most = 128
	}
	return window{most: min(mostInFlight, max(1, most/2)), of: 1 << 40}
}

func (w *window) room(cost int) bool {
	return w.n == 0 && !w.exact || w.n < w.most && w.bytes+cost <= w.of
}

func (w *window) enter(cost int) { w.n++; w.bytes += cost }
func (w *window) leave(cost int) { w.n--; w.bytes -= cost }
