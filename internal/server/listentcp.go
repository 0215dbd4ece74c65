package server

import (
	"context"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// unsentMost is how many bytes the kernel keeps for a client beyond those that
// are on their way to it (tcp(7), TCP_NOTSENT_LOWAT). By itself it would keep
// up to 4 MiB (tcp_wmem), and some hundred clients that do not read would take
// so much of its memory for TCP that all connections of the machine suffer
// (tcp_mem). What is on its way has no such bound, so a fast client notices
// nothing.
const unsentMost = 128 << 10

// listenTCP is net.Listen for connections that are cheap. What is set on a
// listening socket its connections have from the start, at no cost; with
// Multipath TCP, which hardly any client speaks, they would not, nor would it
// take the filter that a stop needs.
func listenTCP(network, address string) (net.Listener, error) {
	l := net.ListenConfig{
		// Keep-alive probes would take four system calls for each connection. The
		// entry has timeouts for a silent client, shorter than these.
		KeepAlive: -1,
		Control: func(_, _ string, raw syscall.RawConn) error {
			return raw.Control(func(fd uintptr) {
				// A system that cannot do this serves all the same.
				_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, unsentMost)
			})
		},
	}
	l.SetMultipathTCP(false)
	return l.Listen(context.Background(), network, address)
}
