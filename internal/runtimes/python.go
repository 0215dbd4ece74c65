package runtimes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// pythonFiles are the files that hold the app of a folder, the first one that
// is there.
var pythonFiles = []string{"asgi.py", "wsgi.py", "manage.py", "app.py", "main.py"}

// A Python app is a folder with one of these files, such a file itself, or
// what an entry names: "module", "module:object", "module:factory()". It is run
// by the shim, which finds the object and whether it speaks WSGI or ASGI.
func detectPython(a *App, info fs.FileInfo, o Options) (bool, string) {
	entry := o.Entry
	switch {
	case !info.IsDir() && (filepath.Ext(a.Path) != ".py" || entry != ""):
		return false, ""
	case !info.IsDir():
		entry = filepath.Base(a.Path)
	case entry != "":
		if o.Kind != "python" && !pythonEntry(a.Path, entry) {
			return false, fmt.Sprintf("there is no module for the entry %q", entry)
		}
	default:
		for _, name := range pythonFiles {
			if found, err := os.Stat(filepath.Join(a.Path, name)); err == nil && found.Mode().IsRegular() {
				entry = name
				break
			}
		}
		if entry == "" {
			return false, ""
		}
	}
	a.Entry = entry
	a.LoadsItself = !usesDjango(a.Dir, entry)
	a.prepare = func(ctx context.Context) (*Build, error) { return preparePython(ctx, a, o) }
	a.files = a.sources
	return true, ""
}

// pythonEntry tells whether an entry names a module in a folder.
func pythonEntry(dir, entry string) bool {
	return pythonModule(dir, entry) != ""
}

// pythonModule returns the path of the file that an entry names, "" when it is
// not in the folder.
func pythonModule(dir, entry string) string {
	module, _, _ := strings.Cut(entry, ":")
	paths := []string{module}
	if filepath.Ext(module) != ".py" {
		module = filepath.FromSlash(strings.ReplaceAll(module, ".", "/"))
		paths = []string{filepath.Join(module, "__init__.py"), module + ".py"}
	}
	for _, path := range paths {
		path = filepath.Join(dir, path)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}

// usesDjango tells whether an app is a Django project. Django keeps much of a
// project in registries of its own, so that it cannot be loaded twice in one
// process: changed code takes new workers.
func usesDjango(dir, entry string) bool {
	text, err := os.ReadFile(pythonModule(dir, entry))
	return err == nil && bytes.Contains(text, []byte("django"))
}

func preparePython(ctx context.Context, a *App, o Options) (*Build, error) {
	dir, err := filepath.EvalSymlinks(a.Dir)
	if err != nil {
		return nil, err
	}
	program, err := findPython(ctx, dir, o.Python)
	if err != nil {
		return nil, err
	}
	if o.CacheDir == "" {
		return nil, errors.New("a Python app needs a cache folder")
	}
	shim, err := shim("python", o.CacheDir)
	if err != nil {
		return nil, err
	}
	args := []string{filepath.Join(shim, "rip.py"), a.Entry}
	if !a.LoadsItself {
		args = append(args, "once")
	}
	// It is called by its path: it finds its packages by that.
	return &Build{Dir: dir, program: program, name: program, args: args}, nil
}
