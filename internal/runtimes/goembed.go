package runtimes

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// embedded returns what the //go:embed patterns of a package may embed later
// (package embed): each file or pattern itself, and for every folder in which
// all files count, a pattern that matches them.
func embedded(dir string, patterns []string) []string {
	var list []string
	for _, pattern := range patterns {
		pattern, all := strings.CutPrefix(pattern, "all:")
		path := filepath.Join(dir, filepath.FromSlash(pattern))
		matches := []string{path}
		if strings.ContainsAny(pattern, `*?[\`) {
			path = filepath.Join(literal(dir), filepath.FromSlash(pattern))
			matches, _ = filepath.Glob(path) // what is malformed matches nothing
		}
		list = append(list, path)
		for _, match := range matches {
			list = append(list, folders(match, all)...)
		}
	}
	return list
}

// folders returns a pattern for each folder in a tree, nothing for a file.
// Hidden files and those that begin with _ are embedded when all are.
func folders(root string, all bool) []string {
	files := "[^._]*"
	if all {
		files = "*"
	}
	var list []string
	// What cannot be read cannot be embedded.
	_ = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return nil
		}
		if name := e.Name(); path != root && !all && (name[0] == '.' || name[0] == '_') {
			return fs.SkipDir
		}
		list = append(list, filepath.Join(literal(path), files))
		return nil
	})
	return list
}

// literal returns the pattern that matches a path and nothing else.
func literal(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
