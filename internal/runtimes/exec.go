package runtimes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// AdoptFlag is the first argument with which this program is a trampoline, see
// Adopt. It is for the server alone.
const AdoptFlag = "--adopt-socket"

// ProgramError is returned when the program of Options.Exec cannot be run.
type ProgramError struct {
	Name string // as it was given
	Why  string
}

func (e *ProgramError) Error() string { return fmt.Sprintf("program %q %s", e.Name, e.Why) }

// exec makes a an app whose workers are a program that adopts the shared socket
// and runs in the folder of the app. What else is in there does not matter.
func (a *App) exec(words []string) {
	a.Kind = "exec"
	a.prepare = func(context.Context) (*Build, error) {
		dir, err := filepath.EvalSymlinks(a.Dir)
		if err != nil {
			return nil, err
		}
		program, err := lookProgram(dir, words[0])
		if err != nil {
			return nil, err
		}
		// The file may have been replaced since the server started.
		return &Build{
			Dir: dir, program: "/proc/self/exe",
			args: append([]string{AdoptFlag, program}, words...),
		}, nil
	}
	a.files = func(ctx context.Context) ([]string, error) {
		list, err := a.sources(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, namedFiles(list[0], words)...)
		slices.Sort(list)
		return slices.Compact(list), nil
	}
}

// lookProgram finds a program: a path as seen from a folder, or a name in PATH.
func lookProgram(dir, name string) (string, error) {
	path := name
	if filepath.Base(name) != name && !filepath.IsAbs(name) {
		path = filepath.Join(dir, name)
	}
	program, err := exec.LookPath(path)
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", &ProgramError{name, "is not in PATH"}
	case errors.Is(err, fs.ErrNotExist):
		return "", &ProgramError{name, "does not exist: looked for " + path}
	case errors.Is(err, fs.ErrPermission):
		return "", &ProgramError{name, "is not executable: " + path}
	case err != nil:
		return "", &ProgramError{name, "cannot be run: " + reason(err)}
	}
	return filepath.Abs(program)
}

// reason is err without what the caller says.
func reason(err error) string {
	if e, ok := errors.AsType[*exec.Error](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// Adopt replaces this process by a program that adopts the listening socket on
// descriptor 3: args are the path of the program, its name and its arguments. The
// process id, which LISTEN_PID has to name (sd_listen_fds(3)), is not known
// before there is a process. It returns only when that failed.
func Adopt(args []string) error {
	if len(args) < 2 {
		return errors.New(AdoptFlag + " is for the server alone")
	}
	if err := dieWithServer(); err != nil {
		return err
	}
	env := append(os.Environ(), "LISTEN_PID="+strconv.Itoa(os.Getpid()))
	err := syscall.Exec(args[0], args[1:], env)
	return fmt.Errorf("program %q cannot be run: %w", args[1], err)
}
