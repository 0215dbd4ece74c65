package jsworker

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/rip-server/rip-server/internal/bundle"
	"github.com/rip-server/rip-server/internal/reload"
	"github.com/rip-server/rip-server/internal/wire"
)

// source is where the code of an app comes from: a bundle that the server has
// made, or the files of the app.
type source struct {
	script string // the file of the bundle
	entry  string // "" = the bundle alone
	dir    string
	env    string

	watch *reload.Watch // nil = the code stays what it is
	files []string      // that the last bundle which ran was made from
}

func newSource(args []string) (*source, error) {
	s := &source{script: args[0], env: os.Getenv("RIP_ENV")}
	if len(args) == 1 || os.Getenv(wire.EnvHotReload) != "module" {
		return s, nil
	}
	dir, err := os.Getwd()
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("find the folder of the app: %w", err)
	}
	s.dir, s.entry = dir, args[1]
	s.watch = reload.New([]string{filepath.Join(dir, s.entry)})
	return s, nil
}

// read returns the script as the files are now.
func (s *source) read() ([]byte, error) {
	if s.watch == nil {
		return os.ReadFile(s.script)
	}
	s.watch.Reset(s.files)
	b, err := bundle.Build(bundle.Options{Dir: s.dir, Entry: s.entry, Env: s.env})
	files := b.Files
	if err != nil {
		// What is missing may come, and what was there before may be what was changed.
		files = append(slices.Clone(files), s.files...)
		slices.Sort(files)
		files = slices.Compact(files)
	}
	s.files = files
	s.watch.Follow(files)
	return b.Script, err
}

// changed tells whether the code may be another. It looks every 100 ms at most.
func (s *source) changed() bool {
	return s.watch != nil && s.watch.Due(time.Now()) && s.watch.Changed()
}
