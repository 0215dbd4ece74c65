// Package runtimes knows the kinds of apps: how each is recognised, built and
// started, and which files its code comes from. Each kind is one file and one
// line in kinds.
package runtimes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Options are what Detect goes by beside the path.
type Options struct {
	Kind     string            // the kind that was asked for, "" = any
	Entry    string            // what to run of the app, as its language writes it, "" = found out
	Command  []string          // the command of rip.toml that starts a worker, nil = none
	Exec     []string          // a program and its arguments that adopt the shared socket, nil = none
	Python   string            // path of the Python interpreter or its name in PATH, "" = found out
	Node     string            // path of node or its name in PATH, "" = found out
	Env      string            // "development" or "production"
	Loaders  map[string]string // extension to the absolute path of a module that compiles such files
	CacheDir string            // absolute path of the folder for what is built; made when needed
}

// App is an app whose kind is known.
type App struct {
	Kind  string // "exec", "command", "go", "python", "javascript", "node" or "executable"
	Path  string // absolute, as it was given: symbolic links are not resolved
	Dir   string // the folder of the app: Path, or the one that holds it
	Entry string // what is run of it, "" = all there is
	Why   string // why it is of this kind where it could be of another one, "" = it could not

	// LoadsItself tells that workers bring changed code in by themselves, when
	// they may. Else it takes new workers.
	LoadsItself bool

	// ReadTimeout is how long a worker's read of the shared socket may last, see
	// sharedsocket.Config.
	ReadTimeout time.Duration

	notEmbedded string // why the embedded engine does not run it, for Why

	prepare func(context.Context) (*Build, error)
	files   func(context.Context) ([]string, error)
}

// Prepare makes the code ready to run as it is now, and builds it when there
// is something to build. Symbolic links in the path are resolved anew, so that
// current -> releases/42 is another folder after a deploy, while workers of an
// earlier Build stay with theirs. Errors of a compiler are a *BuildError.
func (a *App) Prepare(ctx context.Context) (*Build, error) { return a.prepare(ctx) }

// Files returns the absolute paths of what the code comes from, also when it
// does not compile: files, some of which need not exist yet; folders, in which
// a new source file would belong to it; and patterns of filepath.Glob, for
// which any new file that matches would. What does not change is left out: the
// standard library and downloaded packages. It is quick when called again
// after changes that added or removed nothing. When it returns an error, what
// it returned before is still the best there is to look at.
func (a *App) Files(ctx context.Context) ([]string, error) { return a.files(ctx) }

// kind is one kind of app.
type kind struct {
	name    string
	wanted  string // what is looked for, as the error says it
	entries bool   // there may be an entry

	// detect fills App in when it is of this kind. It returns false when it is
	// not, perhaps with a remark for the error.
	detect func(a *App, info fs.FileInfo, o Options) (found bool, remark string)
}

// kinds are in the order in which they are tried.
var kinds = []kind{
	{name: "command", wanted: "command in rip.toml", detect: detectCommand},
	{name: "go", wanted: "*.go with package main", detect: detectGo},
	{name: "python", wanted: strings.Join(pythonFiles, ", "), entries: true, detect: detectPython},
	{name: "javascript", wanted: strings.Join(javascriptFiles, ", "), entries: true, detect: detectJavaScript},
	{name: "node", wanted: "package.json, " + strings.Join(nodeFiles, ", "), entries: true, detect: detectNode},
	{name: "executable", wanted: "an executable file", detect: detectExecutable},
}

// Detect finds out what kind of app a path holds. The error says what was
// looked for.
func Detect(path string, o Options) (*App, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%q does not exist", path)
	}
	if err != nil {
		return nil, err
	}
	a := &App{Path: path, Dir: path}
	if !info.IsDir() {
		a.Dir = filepath.Dir(path)
	}
	if len(o.Exec) > 0 {
		a.exec(o.Exec)
		return a, nil
	}
	var looked []string
	for _, k := range kinds {
		if o.Kind != "" && k.name != o.Kind || o.Entry != "" && !k.entries {
			continue
		}
		found, remark := k.detect(a, info, o)
		if found {
			a.Kind = k.name
			return a, nil
		}
		if remark != "" {
			remark = " (" + remark + ")"
		}
		looked = append(looked, k.wanted+remark)
	}
	if len(looked) == 0 {
		return nil, fmt.Errorf("an app of the kind %s has no entry %q", o.Kind, o.Entry)
	}
	return nil, fmt.Errorf("no app in %q: looked for %s", path, strings.Join(looked, ", "))
}
