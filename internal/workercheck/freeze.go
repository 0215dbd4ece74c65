package workercheck

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// errLinux is that a process cannot be watched closely enough here.
const errLinux = skipped("this needs Linux")

// freeze stops the worker where it is, and returns when all of its threads
// stand still.
func (h *hand) freeze() error {
	if err := h.signal(syscall.SIGSTOP); err != nil {
		return err
	}
	var stands bool
	var err error
	if late := h.b.await(func() bool {
		stands, err = standsStill(h.cmd.Process.Pid)
		return stands || err != nil
	}); late != nil {
		return late
	}
	return err
}

func (h *hand) thaw() error { return h.signal(syscall.SIGCONT) }

// standsStill tells whether all threads of a process are stopped (the state is
// the third field in proc_pid_stat(5), behind the name in brackets).
func standsStill(pid int) (bool, error) {
	stats, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil || len(stats) == 0 {
		return false, errLinux
	}
	for _, stat := range stats {
		b, err := os.ReadFile(stat)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue
		}
		if err != nil {
			return false, err
		}
		if i := bytes.LastIndexByte(b, ')'); i < 0 || i+2 >= len(b) || b[i+2] != 'T' {
			return false, nil
		}
	}
	return true, nil
}

// stateOf returns the state of a process as proc_pid_stat(5) has it, 0 where that
// cannot be known.
func stateOf(pid int) byte {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if i := bytes.LastIndexByte(b, ')'); err == nil && i > 0 && i+2 < len(b) {
		return b[i+2]
	}
	return 0
}

// idles waits until the worker sleeps: in its wait for a request, most likely.
func (h *hand) idles() error {
	if h.claim() != 0 {
		if err := h.b.await(func() bool { return h.claim() == 0 || h.isDead() }); err != nil {
			return errors.New("it does not come back from a request")
		}
	}
	var asleep int
	err := h.b.await(func() bool {
		state := stateOf(h.cmd.Process.Pid)
		if state == 'S' {
			asleep++
		} else {
			asleep = 0
		}
		return asleep > 3 || h.isDead() || state == 0
	})
	if err != nil {
		return errors.New("it does not sleep when it has nothing to do")
	}
	return h.problem()
}

const (
	tries     = 300                   // how often a request is sent in the hope to catch it while it runs
	slowTries = 5                     // how often a slow one is, on a machine that is busier still
	begun     = 10 * time.Millisecond // what a worker takes at most from its claim to the app, and the server to a reply
)

// catch sends a request and stops the worker, which must be alone, while it
// runs it. Without a slow path it may also be about to begin.
func (h *hand) catch() (*call, error) {
	path, most, slow := h.b.o.Paths.Slow, slowTries, true
	if path == "" {
		path, most, slow = h.b.o.Paths.Plain, tries, false
	}
	for range most {
		if err := h.b.await(func() bool { return h.claim() == 0 || h.isDead() }); err != nil {
			return nil, errors.New("it does not clear its claim")
		}
		c, err := h.b.ask(request{method: "GET", target: path})
		if err != nil {
			return nil, err
		}
		for h.claim() == 0 && !c.isDone() && !h.isDead() { // it may be there for microseconds only
		}
		if slow {
			time.Sleep(begun)
		}
		if h.claim() != 0 {
			if err := h.freeze(); err != nil {
				return nil, err
			}
			time.Sleep(begun)
			if h.claim() != 0 && !c.isDone() {
				return c, nil
			}
			if err := h.thaw(); err != nil {
				return nil, err
			}
		}
		if err := c.answered(); err != nil {
			return nil, err
		}
	}
	if slow {
		return nil, fmt.Errorf("%s: it is answered at once; --slow names a path that takes a second or so", path)
	}
	return nil, skipped("no request could be caught while it ran; name a slow one: --slow=PATH")
}
