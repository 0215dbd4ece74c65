//go:build !linux

package manager

import (
	"syscall"
	"time"
)

// attributes puts a worker into a process group of its own. There is no
// parent-death signal here: a worker notices the end of the server by itself.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// yieldToServer has no such policy to choose here.
func yieldToServer() {}

// awaitDeath cannot wait without reaping here.
func awaitDeath(int) bool { return false }

// isDead cannot be known without reaping here.
func isDead(int) bool { return false }

// resident cannot be read from another process here.
func resident(int) (n int64, ok bool) { return 0, false }

// spent cannot be read from another process here.
func spent(int) time.Duration { return 0 }
