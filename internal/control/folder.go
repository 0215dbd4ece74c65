package control

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const socketSuffix = ".ctl"

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
