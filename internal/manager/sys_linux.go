package manager

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes puts a worker into a process group of its own, so that what it
// started can be killed with it, and lets it die with the server.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// awaitDeath returns true when the process is dead but not reaped: until then
// its id, and that of its group, cannot belong to anybody else.
func awaitDeath(pid int) bool {
	for {
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			return err == nil
		}
	}
}

// ioctlReadable asks how many bytes a pipe holds (ioctl_pipe, FIONREAD).
const ioctlReadable = unix.TIOCINQ
