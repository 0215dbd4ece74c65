package runtimes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/rip-server/rip-server/internal/bundle"
	"github.com/rip-server/rip-server/internal/compile"
)

// JavaScriptFlag is the first argument with which this program is a worker that
// runs a bundle in the embedded engine (internal/jsworker). It is for the server
// alone.
const JavaScriptFlag = "--javascript-worker"

// javascriptFiles are the files that hold the app of a folder, the first one that
// is there.
var javascriptFiles = []string{"index.ts", "index.tsx", "index.mts", "index.jsx", "index.js", "index.mjs"}

// A JavaScript app is a folder with one of these files, or such a file itself,
// that exports a handler as its default. It runs in the embedded engine. What
// could as well be an app of Node is judged by judge.
func detectJavaScript(a *App, info fs.FileInfo, o Options) (bool, string) {
	var entry string
	switch {
	case !info.IsDir() && o.Entry != "":
		return false, ""
	case !info.IsDir():
		entry = filepath.Base(a.Path)
	case o.Entry != "":
		entry = filepath.Clean(o.Entry)
	default:
		entry = entryOfJavaScript(a.Path, o)
	}
	if entry == "" || !javascriptFile(entry, o) || !isFile(filepath.Join(a.Dir, entry)) {
		return false, ""
	}
	because, err := judge(a.Dir, entry, o)
	if err != nil {
		a.notEmbedded = err.Error()
		return false, ""
	}
	a.Entry, a.Why = entry, because
	j := &javascript{app: a, entry: entry, options: o}
	a.LoadsItself = true
	a.prepare, a.files = j.prepare, j.files
	return true, ""
}

// entryOfJavaScript returns the file that holds the app of a folder, "" when
// there is none, or one that Node would start comes first.
func entryOfJavaScript(dir string, o Options) string {
	if main := typedMain(dir, o); main != "" {
		return main
	}
	if o.Kind == "" {
		if words, because, _ := startOfNode(dir); words != nil && because != "" {
			return ""
		}
	}
	names := javascriptFiles
	for _, ext := range o.extensions() {
		names = append(names[:len(names):len(names)], "index"+ext)
	}
	for _, name := range names {
		if isFile(filepath.Join(dir, name)) {
			return name
		}
	}
	return ""
}

// typedMain returns the main file of package.json when it is one that Node would
// not start: TypeScript for the most part.
func typedMain(dir string, o Options) string {
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return ""
	}
	var p struct {
		Main    string `json:"main"`
		Module  string `json:"module"`
		Scripts struct {
			Start string `json:"start"`
		} `json:"scripts"`
	}
	if json.Unmarshal(text, &p) != nil || o.Kind == "" && startWords(dir, p.Scripts.Start) != nil {
		return ""
	}
	for _, name := range []string{p.Main, p.Module} {
		if name != "" && javascriptFile(name, o) && !nodeFile(name) && isFile(filepath.Join(dir, name)) {
			return filepath.Clean(name)
		}
	}
	return ""
}

// javascriptFile tells whether the engine can run files of such a name.
func javascriptFile(name string, o Options) bool {
	ext := filepath.Ext(name)
	return ext != ".cjs" && ext != ".json" && slices.Contains(append(bundle.Extensions, o.extensions()...), ext)
}

// judge says why a file is run by the embedded engine, or why it is not. The
// rule is written down in docs/javascript.md.
func judge(dir, entry string, o Options) (because string, err error) {
	switch {
	case o.Kind != "":
		return "it was asked for", nil
	case !nodeFile(entry):
		return entry + " is no plain JavaScript", nil
	case !bundle.HasDefaultExport(filepath.Join(dir, entry)):
		return "", fmt.Errorf("%s has no default export", entry)
	}
	_, err = o.bundle(dir, entry)
	if e, ok := errors.AsType[*bundle.Error](err); ok && e.Builtin != "" {
		return "", fmt.Errorf("%s imports %q", entry, e.Builtin)
	}
	return entry + " has a default export and imports nothing of Node.js", nil
}

// javascript is an app that runs in the embedded engine.
type javascript struct {
	app     *App
	entry   string // as seen from the folder of the app
	options Options

	mu       sync.Mutex
	list     []string // what the last bundle was made from, nil = there was none
	prepared bool     // by this server
}

func (j *javascript) prepare(ctx context.Context) (*Build, error) {
	dir, err := filepath.EvalSymlinks(j.app.Dir)
	if err != nil {
		return nil, err
	}
	shelf, err := openShelf(ctx, j.options.CacheDir, j.app.Path)
	if err != nil {
		return nil, err
	}
	defer shelf.close()
	j.forget(shelf.dir)
	b, err := j.bundle(func() (*bundle.Bundle, error) {
		o := bundle.Options{Dir: dir, Entry: j.entry, Env: j.options.Env}
		return compile.Fresh(o, j.options.Loaders, j.options.CacheDir, filepath.Join(shelf.dir, compile.SharedFile))
	})
	if e, ok := errors.AsType[*bundle.Error](err); ok {
		return nil, &BuildError{Tool: "the bundle of " + j.entry, Output: e.Text}
	}
	if err != nil {
		return nil, err
	}
	script, hold, err := shelf.store(b.Script)
	if err != nil {
		return nil, err
	}
	program, err := ownProgram()
	if err != nil {
		return nil, err
	}
	return &Build{
		ID: script + " in " + dir, Dir: dir, hold: hold,
		program: program, args: append([]string{JavaScriptFlag, script}, j.options.workerArgs(j.entry)...),
	}, nil
}

// forget removes, once, the script that ran last: under another server, maybe long ago.
func (j *javascript) forget(dir string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.prepared {
		j.prepared = true
		_ = os.Remove(filepath.Join(dir, compile.LastFile))
	}
}

// bundle notes what a bundle is made from.
func (j *javascript) bundle(build func() (*bundle.Bundle, error)) (*bundle.Bundle, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	b, err := build()
	j.list = b.Files
	return b, err
}

func (j *javascript) files(context.Context) ([]string, error) {
	dir, err := filepath.EvalSymlinks(j.app.Dir)
	if err != nil {
		return nil, err
	}
	j.mu.Lock()
	list := slices.Clone(j.list)
	j.mu.Unlock()
	if list == nil {
		// Its errors are for prepare.
		b, _ := j.bundle(func() (*bundle.Bundle, error) { return j.options.bundle(dir, j.entry) })
		list = slices.Clone(b.Files)
	}
	if dir != j.app.Path && !slices.Contains(list, j.app.Path) {
		list = append(list, j.app.Path) // a link that points elsewhere is noticed
	}
	return list, nil
}
