package manager

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// attributes puts a worker into a process group of its own, so that what it
// started can be killed with it, and lets it die with the server.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// yieldToServer lets whatever is started from the calling thread be scheduled
// under SCHED_BATCH (sched(7)): a worker that a request wakes does not push
// whoever runs on its processor aside, which on a busy machine is the server
// that hands requests out. It goes on to the next request instead of switching
// back and forth for each. Where a processor is idle nothing changes. A server
// that was started under another policy keeps it for its workers.
func yieldToServer() {
	attr, err := unix.SchedGetAttr(0, 0)
	if err != nil || attr.Policy != unix.SCHED_NORMAL {
		return
	}
	attr.Policy = unix.SCHED_BATCH
	attr.Runtime = 0                  // the time slice of everybody, whatever the server's is
	_ = unix.SchedSetAttr(0, attr, 0) // without it everything works too
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

// isDead tells whether a child process that was not reaped is dead.
func isDead(pid int) bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOWAIT|unix.WNOHANG, nil)
	return err == nil && info.Signo != 0 || err == unix.ECHILD
}

// resident returns the bytes of memory that a process has resident, the pages
// that it shares with others included (proc_pid_statm(5)); 0 when it is gone.
// ok is false where that cannot be known.
func resident(pid int) (n int64, ok bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, true
	}
	if fields := bytes.Fields(b); len(fields) > 1 {
		n, _ = strconv.ParseInt(string(fields[1]), 10, 64)
	}
	return n * int64(os.Getpagesize()), true
}

// spent returns the CPU time that a process has spent, 0 when it is gone. Its
// clock has its id, inverted, in the upper bits (CPUCLOCK_SCHED, see
// clock_getcpuclockid(3)).
func spent(pid int) time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|2), &ts); err != nil {
		return 0
	}
	return time.Duration(ts.Nano())
}
