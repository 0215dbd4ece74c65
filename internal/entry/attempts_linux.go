package entry

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// dropAttempts makes the kernel drop every segment that would begin a
// connection to l, so that what waits to be accepted can come to an end while
// connections that are being made are completed. The client tries again after a
// second (RFC 6298 section 2.1) and finds nobody, or the next server. It needs
// no privileges (socket(7), SO_ATTACH_FILTER); a TCP socket's filter sees the
// TCP header first, one of MPTCP takes no filter. What is accepted inherits the filter, and is not troubled.
func dropAttempts(l net.Listener) {
	const flags, syn = 13, 0x02 // RFC 9293 section 3.1
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: flags},
		{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: syn, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: 0},
		{Code: unix.BPF_RET | unix.BPF_K, K: 1<<31 - 1},
	}
	t, ok := l.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := t.SyscallConn()
	if err != nil {
		return
	}
	// Without it a connection that comes in the last moment is reset.
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]})
	})
}
