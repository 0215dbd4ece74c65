package control

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// RunningError says that another process serves under a name.
type RunningError struct {
	Name string
	PID  int // 0 = not known
}

func (e *RunningError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("a server named %q is running already", e.Name)
	}
	return fmt.Sprintf("a server named %q is running already (process %d)", e.Name, e.PID)
}

// Lock is the right to serve under a name. It ends with Release or with the
// process, however that dies; no child process inherits it.
type Lock struct {
	file *os.File
}

// Claim takes the lock of a name in the run folder, which nobody else must be
// able to write to. It does not wait: while another Lock of the name exists, in
// whatever process, it returns a *RunningError.
func Claim(dir, name string) (*Lock, error) {
	// The file stays for ever: one that is removed could be locked by one
	// process that still has it open and, made anew, by another one.
	f, err := os.OpenFile(lockPath(dir, name), os.O_RDWR|os.O_CREATE, 0o600) // close-on-exec, as all that os opens
	if err != nil {
		return nil, fmt.Errorf("lock of the name %q: %w", name, err)
	}
	if err := take(f); err != nil {
		defer f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, &RunningError{Name: name, PID: readPID(f)}
		}
		return nil, fmt.Errorf("lock of the name %q: %w", name, err)
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt(strconv.AppendInt(nil, int64(os.Getpid()), 10), 0)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock of the name %q: %w", name, err)
	}
	return &Lock{file: f}, nil
}

// Release gives the name back.
func (l *Lock) Release() {
	l.file.Close()
}

// take locks the file, or returns EWOULDBLOCK when a server has it locked.
func take(f *os.File) error {
	for {
		err := flock(f, unix.LOCK_EX)
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return err
		}
		// Whoever asks if a server lives (see held) shares the lock for an
		// instant. That must not look like a server.
		if err := flock(f, unix.LOCK_SH); err != nil {
			return err
		}
		if err := flock(f, unix.LOCK_UN); err != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}

// held reports whether a server has the name.
func held(dir, name string) (bool, error) {
	f, err := os.Open(lockPath(dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close() // unlocks
	err = flock(f, unix.LOCK_SH)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}

// flock locks without waiting.
func flock(f *os.File, how int) error {
	for {
		if err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB); err != unix.EINTR {
			return err
		}
	}
}

func readPID(f *os.File) int {
	b, _ := io.ReadAll(io.NewSectionReader(f, 0, 20))
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b))) // 0 when its owner has not written it yet
	return pid
}

func lockPath(dir, name string) string { return filepath.Join(dir, name+".lock") }
