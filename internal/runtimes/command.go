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
	"strings"
)

// A command is written in rip.toml and starts a worker in any language. It
// runs in the app's folder.
func detectCommand(a *App, _ fs.FileInfo, o Options) (bool, string) {
	if len(o.Command) == 0 {
		return false, ""
	}
	a.prepare = func(context.Context) (*Build, error) {
		dir, err := filepath.EvalSymlinks(a.Dir)
		if err != nil {
			return nil, err
		}
		program, err := findProgram(dir, o.Command[0])
		if err != nil {
			return nil, err
		}
		// The name stays: interpreters find their libraries by it.
		return &Build{Dir: dir, program: program, args: o.Command[1:], name: o.Command[0]}, nil
	}
	a.LoadsItself = true
	a.files = func(ctx context.Context) ([]string, error) {
		list, err := a.sources(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, namedFiles(list[0], o.Command)...)
		slices.Sort(list)
		return slices.Compact(list), nil
	}
	return true, ""
}

// findProgram finds the program of a command: a path as seen from the app's
// folder, or a name in PATH.
func findProgram(dir, name string) (string, error) {
	if strings.ContainsRune(name, filepath.Separator) && !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	program, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("command %q of rip.toml is not in PATH", name)
	}
	if err != nil {
		return "", fmt.Errorf("command of rip.toml: %w", err)
	}
	return filepath.Abs(program)
}

// namedFiles returns the words of a command that are files of the app.
func namedFiles(dir string, words []string) []string {
	var files []string
	for i, word := range words {
		if i == 0 && !strings.ContainsRune(word, filepath.Separator) {
			continue // a program in PATH
		}
		path := word
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, word)
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			files = append(files, path)
		}
	}
	return files
}
