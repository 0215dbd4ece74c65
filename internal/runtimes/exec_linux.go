package runtimes

import (
	"fmt"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// dieWithServer has the kernel kill what the calling goroutine's thread becomes
// when the server dies. The main thread has that from its start
// (PR_SET_PDEATHSIG(2const)), others do not, and any may call execve(2).
func dieWithServer() error {
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL), 0, 0, 0); err != nil {
		return fmt.Errorf("prctl: %w", err)
	}
	return nil
}
