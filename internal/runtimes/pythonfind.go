package runtimes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// leastPython is the oldest Python 3 whose minor version the shim runs on.
const leastPython = 9

// pythonProbe makes an interpreter say which version it is and where: a
// command in PATH may be a script that chooses one.
const pythonProbe = `import sys; print(sys.version_info[0], sys.version_info[1]); print(sys.executable)`

// findPython returns the absolute path of the interpreter for the app in a
// folder: the one that was asked for, a path or a name in PATH; else that of
// the virtual environment .venv in the folder; else that of $VIRTUAL_ENV; else
// python3 in PATH.
func findPython(ctx context.Context, dir, asked string) (string, error) {
	program, where := asked, "the option python"
	if program == "" {
		program, where = pythonOf(dir)
	}
	path, err := exec.LookPath(program)
	if err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return "", fmt.Errorf("a Python app needs Python 3.%d or newer: there is no %s in PATH, and no .venv in %q (install python3, or name another one with --python=PATH)", leastPython, program, dir)
		}
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			err = path.Err
		}
		return "", fmt.Errorf("%s: %q cannot be run: %w", where, program, err)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, path, "-c", pythonProbe)
	cmd.Dir, cmd.Stderr = dir, &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	var major, minor int
	version, executable, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if _, scan := fmt.Sscan(version, &major, &minor); err != nil || scan != nil || executable == "" {
		return "", fmt.Errorf("%s: %q is no Python that runs: %s", where, path, strings.TrimSpace(fmt.Sprint(err, " ", stderr.String())))
	}
	if major != 3 || minor < leastPython {
		return "", fmt.Errorf("%s: %q is Python %d.%d, and 3.%d or newer is needed (name another one with --python=PATH)", where, path, major, minor, leastPython)
	}
	return executable, nil
}

// pythonOf returns the interpreter that people of the language expect, and
// where it was found.
func pythonOf(dir string) (program, where string) {
	if own := filepath.Join(dir, ".venv"); isFolder(own) {
		return filepath.Join(own, "bin", "python"), ".venv"
	}
	if env := os.Getenv("VIRTUAL_ENV"); env != "" {
		return filepath.Join(env, "bin", "python"), "$VIRTUAL_ENV"
	}
	return "python3", "PATH"
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
