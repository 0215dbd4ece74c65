package workercheck

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// ready also waits for a request, so that a second word is heard.
func ready(b *bench) error {
	if _, err := b.hire(); err != nil {
		return err
	}
	return b.get()
}

func closeOnExec(b *bench) error {
	h, err := b.hire()
	if err != nil {
		return err
	}
	for fd := wire.FDRequests; fd <= wire.FDLedger; fd++ {
		flags, err := descriptorFlags(h.cmd.Process.Pid, fd)
		if errors.Is(err, os.ErrNotExist) && fd != wire.FDRequests {
			continue // it may close what it has mapped
		}
		if err != nil {
			return err
		}
		if flags&unix.O_CLOEXEC == 0 {
			return fmt.Errorf("descriptor %d is inherited by what it starts", fd)
		}
	}
	return nil
}

func blocking(b *bench) error {
	h, err := b.hire()
	if err != nil {
		return err
	}
	if err := b.get(); err != nil {
		return err
	}
	flags, err := descriptorFlags(h.cmd.Process.Pid, wire.FDRequests)
	if err != nil {
		return err
	}
	if flags&unix.O_NONBLOCK != 0 {
		return errors.New("it made descriptor 3 non-blocking, for all workers: O_NONBLOCK belongs to the open file")
	}
	return nil
}

// descriptorFlags returns the flags of a descriptor of another process, as
// open(2) takes them (proc_pid_fdinfo(5)).
func descriptorFlags(pid, fd int) (int, error) {
	if _, err := os.Stat("/proc/self/fdinfo"); err != nil {
		return 0, errLinux
	}
	f, err := os.Open(fmt.Sprintf("/proc/%d/fdinfo/%d", pid, fd))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "flags:"); ok {
			flags, err := strconv.ParseInt(strings.TrimSpace(text), 8, 64)
			return int(flags), err
		}
	}
	return 0, errLinux
}
