package manager

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Crash is the end of a worker that died while it ran a request, or hung in it
// and was killed.
type Crash struct {
	Worker     int
	PID        int
	Generation int    // of the code
	Request    string // label of the request
	Hung       bool
	How        string        // "exit status 2", "signal: killed", "hung", …
	Signal     string        // name of the signal that ended it, "SIGSEGV", "" = none
	Status     int           // its exit status, -1 when a signal ended it
	Requests   uint64        // that it had finished before
	CPU        time.Duration // that it spent since it was ready, less what its other requests cost
	Printed    string        // the line it printed that most likely says why
	Output     []byte        // the last lines it printed
	Stacks     []byte        // what it printed when it was asked for its stacks, because it hung
}

// crash returns what is told of a death, nil when the worker was only made to
// go, or ran nothing.
func (w *worker) crash(d death) *Crash {
	hung := w.hungIn != ""
	if !d.running && !hung || w.parted && w.fault != "" && !hung {
		return nil
	}
	c := &Crash{
		Worker: w.slot.number, PID: w.proc.cmd.Process.Pid, Generation: w.gen.number,
		Request: d.label, Hung: hung, How: d.how, Requests: d.requests, Printed: d.reason,
		Output: d.last, Stacks: d.stacks,
		CPU: max(0, d.cpu-w.cpu),
	}
	if hung {
		c.Request = w.hungIn
	}
	c.Signal, c.Status = exit(d.state)
	return c
}

func exit(state *os.ProcessState) (signal string, status int) {
	if state == nil {
		return "", -1
	}
	if s, ok := state.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		return unix.SignalName(s.Signal()), -1
	}
	return "", state.ExitCode()
}
