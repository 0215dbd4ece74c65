package manager

import (
	"os/exec"
	"runtime"
)

// forker starts all processes from one thread, which lives as long as it does:
// the kernel sends a worker its parent-death signal when the thread that
// forked it ends, not the process (PR_SET_PDEATHSIG(2const)). They inherit how
// that thread is scheduled.
type forker struct {
	work chan forking
}

type forking struct {
	cmd  *exec.Cmd
	done chan error
}

func newForker() *forker {
	f := &forker{work: make(chan forking)}
	go f.run()
	return f
}

func (f *forker) run() {
	// Never unlocked: the thread ends with this goroutine.
	runtime.LockOSThread()
	yieldToServer()
	for w := range f.work {
		w.done <- w.cmd.Start()
	}
}

// start starts the command and returns when its program runs.
func (f *forker) start(cmd *exec.Cmd) error {
	done := make(chan error, 1)
	f.work <- forking{cmd, done}
	return <-done
}

// close ends the thread. No process that it started may be left.
func (f *forker) close() { close(f.work) }
