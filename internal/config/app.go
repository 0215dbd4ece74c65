package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// commands are the words that mean something else than an app path when they
// come first.
var commands = []string{"status", "stop", "restart", "list", "capsules", "replay", "check-worker", "version", "help"}

// findApp looks where the app path leads.
func (c *Config) findApp(given string) error {
	path, err := filepath.Abs(given)
	if err != nil {
		return failure(fmt.Sprintf("app path %q: %v", given, err), "give an absolute path")
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return failure(fmt.Sprintf("app path %q does not exist", given), missing(given, path))
	case err != nil:
		return failure(fmt.Sprintf("app path %q: %v", given, reason(err)), "looked for "+show(path))
	case info.IsDir():
		c.Path, c.Dir = path, path
	case info.Mode().IsRegular():
		c.Path, c.Dir = path, filepath.Dir(path)
	default:
		return failure(fmt.Sprintf("app path %q is neither a folder nor a file", given), "looked at "+show(path))
	}
	return nil
}

// missing finds what was probably meant: a neighbour, or a command.
func missing(given, path string) string {
	if slices.Contains(commands, given) {
		return "a command comes first: rip-server " + given
	}
	var names []string
	if entries, err := os.ReadDir(filepath.Dir(path)); err == nil {
		for _, entry := range entries {
			names = append(names, entry.Name())
		}
	}
	if near := Nearest(filepath.Base(path), names); near != "" {
		return "did you mean " + show(filepath.Join(filepath.Dir(given), near)) + "?"
	}
	if near := Nearest(given, commands); near != "" && !strings.ContainsAny(given, "/.") {
		return "did you mean the command rip-server " + near + "?"
	}
	return "looked for " + show(path)
}
