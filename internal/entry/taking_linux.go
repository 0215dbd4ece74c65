package entry

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// acknowledged returns how many bytes the peer has acknowledged, and whether
// there are more on their way to it (tcp(7), TCP_INFO).
func acknowledged(raw syscall.RawConn) (acked uint64, more, known bool) {
	_ = raw.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		if err == nil {
			acked, more, known = info.Bytes_acked, info.Unacked > 0 || info.Notsent_bytes > 0, true
		}
	})
	return acked, more, known
}
