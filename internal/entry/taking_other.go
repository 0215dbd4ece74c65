//go:build !linux

package entry

import "syscall"

// acknowledged is known on Linux only.
func acknowledged(syscall.RawConn) (acked uint64, more, known bool) { return 0, false, false }
