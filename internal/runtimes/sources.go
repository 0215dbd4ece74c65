package runtimes

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mostSources is how many files and folders of an app are found without being
// named: each is looked at whenever a change may be noticed.
const mostSources = 5000

// sourceExtensions are those of files that are code in some language. The
// names of such files in a folder are what internal/reload notices.
var sourceExtensions = []string{
	".go", ".s", ".c", ".h", ".py", ".rb", ".php",
	".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts", ".cts",
}

// sources returns the source files and folders in a tree, the nearest to its
// root first, at most that many. Hidden folders and those that hold packages of
// others are left out, and so is what symbolic links to folders lead to.
func sources(root string, most int) []string {
	list := []string{root}
	for left := []string{root}; len(left) > 0; left = left[1:] {
		dir := left[0]
		// What cannot be read is no part of the app.
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if len(list) >= most {
				return list
			}
			path := filepath.Join(dir, e.Name())
			switch {
			case strings.HasPrefix(e.Name(), "."):
			case e.IsDir():
				if !foreign(path) {
					list = append(list, path)
					left = append(left, path)
				}
			case slices.Contains(sourceExtensions, filepath.Ext(path)):
				list = append(list, path)
			}
		}
	}
	return list
}

// sources returns what sources finds in the folder of the app, the folder
// itself first, without symbolic links in it, and the path of the app where
// that is another one.
func (a *App) sources(context.Context) ([]string, error) {
	dir, err := filepath.EvalSymlinks(a.Dir)
	if err != nil {
		return nil, err
	}
	list := sources(dir, mostSources)
	if dir != a.Path && !slices.Contains(list, a.Path) {
		list = append(list, a.Path) // a link that points elsewhere is noticed
	}
	return list, nil
}

// foreign tells whether a folder holds packages of others, or what is made from
// the sources.
func foreign(dir string) bool {
	switch filepath.Base(dir) {
	case "node_modules", "vendor", "__pycache__":
		return true
	}
	_, err := os.Stat(filepath.Join(dir, "pyvenv.cfg")) // a virtual environment of Python
	return err == nil
}
