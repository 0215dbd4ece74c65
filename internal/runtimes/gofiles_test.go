package runtimes

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/reload"
)

func TestGoFiles(t *testing.T) {
	dir := tree(t, map[string]string{
		"app/go.mod":          "module example.com/app\n\ngo 1.26\n\nrequire example.com/lib v1.0.0\n\nreplace example.com/lib => ../lib\n",
		"app/main.go":         "package main\n\nimport (\n\t_ \"embed\"\n\t_ \"example.com/app/inner\"\n\t_ \"example.com/lib\"\n)\n\n//go:embed page.html\nvar page string\n\nfunc main() {}\n",
		"app/page.html":       "",
		"app/main_test.go":    "package main",
		"app/notes.txt":       "",
		"app/inner/inner.go":  "package inner",
		"app/inner/other.go":  "//go:build plan9\n\npackage inner",
		"app/unused/other.go": "package unused",
		"lib/go.mod":          "module example.com/lib\n\ngo 1.26\n",
		"lib/lib.go":          "package lib",
	})
	a := detect(t, filepath.Join(dir, "app"), Options{CacheDir: t.TempDir()})
	want := []string{
		"app", "app/go.mod", "app/go.sum", "app/inner", "app/inner/inner.go", "app/inner/other.go", "app/main.go", "app/page.html",
		"app/vendor/modules.txt", "lib", "lib/go.mod", "lib/go.sum", "lib/lib.go",
	}
	if got := relative(dir, filesOf(t, a)); !slices.Equal(got, want) {
		t.Errorf("files %q\nwant  %q", got, want)
	}
	write(t, filepath.Join(dir, "app/inner/inner.go"), "package inner\n\nfunc {")
	if got := relative(dir, filesOf(t, a)); !slices.Equal(got, want) {
		t.Errorf("files %q\nwant  %q", got, want)
	}
}

func TestGoFilesOfWorkspace(t *testing.T) {
	dir := tree(t, map[string]string{
		"go.work":     "go 1.26\n\nuse (\n\t./app\n\t./lib\n)\n",
		"app/go.mod":  "module example.com/app\n\ngo 1.26\n",
		"app/main.go": "package main\n\nimport _ \"example.com/lib\"\n\nfunc main() {}\n",
		"lib/go.mod":  "module example.com/lib\n\ngo 1.26\n",
		"lib/lib.go":  "package lib",
	})
	a := detect(t, filepath.Join(dir, "app"), Options{CacheDir: t.TempDir()})
	files := filesOf(t, a)
	for _, file := range []string{"go.work", "app/main.go", "lib/lib.go", "lib/go.mod"} {
		if !slices.Contains(files, filepath.Join(dir, file)) {
			t.Errorf("%q is not among %q", file, files)
		}
	}
}

// embedder is an app that embeds in every way there is.
const embedder = `package main

import "embed"

//go:embed static all:whole pages/*.html
//go:embed page.txt
var files embed.FS

func main() {}
`

func embedderTree(t *testing.T) string {
	return tree(t, map[string]string{
		"go.mod":            "module example.com/app\n\ngo 1.26\n",
		"main.go":           embedder,
		"static/a.css":      "",
		"static/deep/b.css": "",
		"whole/a":           "",
		"pages/a.html":      "",
		"page.txt":          "",
	})
}

// What the list is for: that a change of the code is noticed, and no other.
func TestGoChanges(t *testing.T) {
	dir := embedderTree(t)
	a := detect(t, dir, Options{CacheDir: t.TempDir()})
	for _, change := range []struct {
		file, text string
		counts     bool
	}{
		{"main.go", embedder + "// more", true},
		{"more.go", "package main", true},
		{"app.sqlite-journal", "a row", false},
		{"notes.txt", "", false},
		{"static/a.css", "body {}", true},
		{"static/c.css", "", true},
		{"static/.c.css.swp", "", false},
		{"static/deep/d.css", "", true},
		{"static/new/e.css", "", true},
		{"static/new/f.css", "", true},
		{"whole/.hidden", "", true},
		{"pages/b.html", "", true},
		{"pages/b.log", "", false},
		{"page.txt", "text", true},
		{"go.sum", "", true},
		{"main.go", "package main\n\nimport _ \"example.com/app/later\"\n", true}, // is not there
		{"later/later.go", "package later", true},
		{"later/more.go", "package later", true},
		{"main.go", "package main {", true},
		{"main.go", embedder, true},
		{"page.html", "", false},
	} {
		files := filesOf(t, a)
		w := reload.New(files)
		write(t, filepath.Join(dir, change.file), change.text)
		if got := w.Changed(); got != change.counts {
			t.Errorf("changed %v after writing %q, want %v; files %q", got, change.file, change.counts, relative(dir, files))
		}
	}
	w := reload.New(filesOf(t, a))
	if err := os.Remove(filepath.Join(dir, "pages/b.html")); err != nil {
		t.Fatal(err)
	}
	if !w.Changed() {
		t.Error("an embedded file that is gone is not noticed")
	}
}

// The go command is asked again only when its answer may be another one.
func TestGoFilesAreRemembered(t *testing.T) {
	dir := embedderTree(t)
	a := detect(t, dir, Options{CacheDir: t.TempDir()})
	aWhileAgo(t, dir)
	first := filesOf(t, a)
	path := os.Getenv("PATH")
	for _, change := range []struct {
		file, text string
		known      bool
	}{
		{"main.go", embedder + "// more", true},
		{"static/a.css", "body {}", true},
		{"main.go", "package main\n\nimport _ \"example.com/app/inner\"\n" + embedder[len("package main\n"):], false},
		{"inner/inner.go", "package inner", false},
		{"inner/inner.go", "package inner\n\nfunc F() {}", true},
		{"inner/inner.go", "//go:build linux\n\npackage inner\n\nfunc F() {}", false},
		{"inner/more.go", "package inner", false},
		{"static/c.css", "", false},
		{"go.mod", "module example.com/app\n\ngo 1.25\n", false},
		{"main.go", embedder + "\n//go:embed page.txt\nvar text string", false},
	} {
		write(t, filepath.Join(dir, change.file), change.text)
		aWhileAgo(t, dir)
		t.Setenv("PATH", "")
		_, err := a.Files(t.Context())
		if known := err == nil; known != change.known {
			t.Errorf("known %v after a change of %q, want %v", known, change.file, change.known)
		}
		t.Setenv("PATH", path)
		filesOf(t, a)
	}
	if last := filesOf(t, a); slices.Equal(last, first) {
		t.Errorf("the files are still %q", relative(dir, last))
	}
}

// aWhileAgo makes everything in a tree old.
func aWhileAgo(t *testing.T, root string) {
	t.Helper()
	then := time.Now().Add(-time.Hour)
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, then, then)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func BenchmarkGoFiles(b *testing.B) {
	a, err := Detect("../../examples/hello", Options{})
	if err != nil {
		b.Skip(err)
	}
	for b.Loop() {
		if _, err := a.Files(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
