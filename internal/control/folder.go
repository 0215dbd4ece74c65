package control

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const socketSuffix = ".ctl"

// prepare makes the run folder, and refuses one in which others could put
// sockets and locks of their own.
func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("run folder: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("run folder: %w", err)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; int(owner) != os.Geteuid() {
		return fmt.Errorf("the run folder %q belongs to somebody else (user %d): set RIP_RUN_DIR to a folder of your own", dir, owner)
	}
	if mode := info.Mode().Perm(); mode&0o022 != 0 {
		return fmt.Errorf("others can write to the run folder %q (mode %#o): `chmod go-w` it, or set RIP_RUN_DIR to another one", dir, mode)
	}
	return nil
}

// List returns the names of the servers that run, in alphabetical order: those
// whose control socket answers. A run folder that does not exist has none.
func List(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("run folder: %w", err)
	}
	var names []string
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), socketSuffix)
		if ok && answers(filepath.Join(dir, entry.Name())) == nil {
			names = append(names, name)
		}
	}
	return names, nil
}

func socketPath(dir, name string) string { return filepath.Join(dir, name+socketSuffix) }
