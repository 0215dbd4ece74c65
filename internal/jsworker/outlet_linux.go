package jsworker

import (
	"os"

	"golang.org/x/sys/unix"
)

// unread tells whether a pipe holds something, which Linux tells at both of its
// ends (pipe(7)). Other files hold nothing.
func unread(f *os.File) bool {
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return false
	}
	n, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCINQ) // FIONREAD by another name
	return err == nil && n > 0
}
