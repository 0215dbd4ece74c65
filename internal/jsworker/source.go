package jsworker

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rip-server/rip-server/internal/bundle"
	"github.com/rip-server/rip-server/internal/compile"
	"github.com/rip-server/rip-server/internal/reload"
	"github.com/rip-server/rip-server/internal/wire"
)

// source is where the code of an app comes from: a bundle that the server has
// made, or the files of the app.
type source struct {
	script string // the file of the bundle
	env    string

	// To make a bundle where changed code is to come in.
	dir     string
	entry   string
	cache   string
	loaders map[string]string // modules of compilers, by extension
	watch   *reload.Watch     // nil = the code stays what it is
	files   []string          // that the last bundle was made from
}

func newSource(args []string) (*source, error) {
	s := &source{script: args[0], env: os.Getenv("RIP_ENV")}
	if len(args) < 3 || os.Getenv(wire.EnvHotReload) != "module" {
		return s, nil
	}
	dir, err := os.Getwd()
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("find the folder of the app: %w", err)
	}
	s.dir, s.entry, s.cache, s.loaders = dir, args[1], args[2], map[string]string{}
	for _, arg := range args[3:] {
		ext, module, _ := strings.Cut(arg, "=")
		s.loaders[ext] = module
	}
	s.watch = reload.New([]string{filepath.Join(dir, s.entry)})
	return s, nil
}

// prepared returns the script that the server has made.
func (s *source) prepared() ([]byte, error) { return os.ReadFile(s.script) }

// last returns the script that ran last in any worker.
func (s *source) last() ([]byte, error) {
	if script, err := os.ReadFile(s.lastFile()); err == nil {
		return script, nil
	}
	return s.prepared()
}

// keep notes a script that runs. When it cannot, workers have an older one.
func (s *source) keep(script []byte) {
	if s.watch == nil {
		return
	}
	draft, err := os.CreateTemp(filepath.Dir(s.script), "draft-")
	if err != nil {
		return
	}
	defer os.Remove(draft.Name()) // when it got its name it is not there
	_, err = draft.Write(script)
	if e := draft.Close(); err == nil && e == nil {
		_ = os.Rename(draft.Name(), s.lastFile())
	}
}

func (s *source) lastFile() string { return filepath.Join(filepath.Dir(s.script), compile.LastFile) }

// read returns the script as the files are now.
func (s *source) read() ([]byte, error) {
	if s.watch == nil {
		return s.prepared()
	}
	s.watch.Reset(s.files)
	return s.build()
}

// again is read for files that have changed. It waits until they are at rest,
// and reads them once more when they have changed meanwhile: an editor that
// saves several files, a checkout.
func (s *source) again() (script []byte, err error) {
	for range mostReads {
		// In this order: a file that was written just before Reset looked may be
		// written once more without looking any different.
		s.watch.Reset(s.files)
		s.watch.Settle(context.Background())
		if script, err = s.build(); !s.watch.Changed() {
			break
		}
	}
	return script, err
}

func (s *source) build() ([]byte, error) {
	// The server left one beside the script, and whoever of the workers is the
	// first to see a change leaves the next one there.
	made := filepath.Join(filepath.Dir(s.script), compile.SharedFile)
	b, err := compile.Shared(bundle.Options{Dir: s.dir, Entry: s.entry, Env: s.env}, s.loaders, s.cache, made)
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

// mostReads bounds how often files are read that never come to rest.
const mostReads = 10

// changed tells whether the code may be another. It looks every 100 ms at most.
func (s *source) changed() bool {
	return s.watch != nil && s.watch.Due(time.Now()) && s.watch.Changed()
}
