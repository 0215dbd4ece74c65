package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// runFolder is the private folder in which the servers of one user have their
// sockets and locks. Since others can make files in the folder that it is in,
// it must belong to the user and be closed to everybody else.
type runFolder struct {
	path   string
	source string // as problems name it
}

// RunDir returns the absolute path of the run folder: $RIP_RUN_DIR, else
// rip-server in $XDG_RUNTIME_DIR, else rip-server-UID in the folder for
// temporary files. It is not made; when it exists and is not private, the error
// is a *Problem.
func RunDir(environ []string) (string, error) {
	run, err := makeVariables(environ).runFolder()
	if err != nil {
		return "", err
	}
	if err := run.check(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return run.path, nil
}

// MakeRunDir makes the run folder.
func (c *Config) MakeRunDir() error {
	if err := os.MkdirAll(c.run.path, 0o700); err != nil {
		return failure(fmt.Sprintf("%s cannot be made: %v", c.run.source, reason(err)), hintFolder)
	}
	return c.run.check()
}

const hintFolder = "set RIP_RUN_DIR to a folder of your own that only you can open (mode 0700)"

func (v variables) runFolder() (runFolder, error) {
	if path := v[runVariable]; path != "" {
		abs, err := absoluteVariable(runVariable, path)
		return runFolder{abs, show(runVariable + "=" + path)}, err
	}
	path := filepath.Join(os.TempDir(), "rip-server-"+strconv.Itoa(os.Getuid()))
	// The specification says that a relative one is to be ignored.
	if dir := v["XDG_RUNTIME_DIR"]; filepath.IsAbs(dir) {
		path = filepath.Join(dir, "rip-server")
	}
	return runFolder{path, "run folder " + show(path)}, nil
}

// check returns an error that is fs.ErrNotExist when there is no such folder.
func (r runFolder) check() error {
	info, err := os.Lstat(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err != nil {
		return failure(fmt.Sprintf("%s: %v", r.source, reason(err)), hintFolder)
	}
	uid := os.Getuid()
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case info.Mode().Type() == fs.ModeSymlink:
		return failure(r.source+": a symbolic link", hintFolder)
	case !info.IsDir():
		return failure(r.source+": not a folder", hintFolder)
	case ok && int(st.Uid) != uid:
		return failure(fmt.Sprintf("%s: belongs to another user (%d)", r.source, st.Uid), hintFolder)
	case info.Mode().Perm() != 0o700:
		hint := hintFolder
		if r.closable(info) {
			hint = "chmod 700 " + show(r.path)
		}
		return failure(fmt.Sprintf("%s: others can open this folder (mode %04o, not 0700)", r.source, info.Mode().Perm()), hint)
	}
	return nil
}

// closable reports whether nobody else can miss the folder: it is empty, or
// what is in it is of this program. /tmp may be empty too.
func (r runFolder) closable(info fs.FileInfo) bool {
	if info.Mode()&fs.ModeSticky != 0 || r.path == filepath.Clean(os.TempDir()) {
		return false
	}
	entries, err := os.ReadDir(r.path)
	if err != nil {
		return false
	}
	for _, entry := range entries {
		switch filepath.Ext(entry.Name()) {
		case ".ctl", ".lock", ".sock", ".notify":
		default:
			if name := entry.Name(); name != cacheInRun && name != SpoolName {
				return false
			}
		}
	}
	return true
}

func absoluteVariable(name, path string) (string, error) {
	if strings.ContainsRune(path, 0) {
		return "", failure(fmt.Sprintf("%s=%s: not a path", name, show(path)), "use an absolute path")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", failure(fmt.Sprintf("%s=%s: %v", name, show(path), err), "use an absolute path")
	}
	return abs, nil
}
