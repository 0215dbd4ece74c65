package runtimes

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// hello is a Go app without imports, which builds in a moment.
func hello(word string) map[string]string {
	return map[string]string{
		"go.mod":  "module example.com/hello\n\ngo 1.26\n",
		"main.go": "package main\n\nfunc main() { println(\"" + word + "\") }\n",
	}
}

func programs(t *testing.T, cache string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(cache, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(found, func(path string) bool { return filepath.Base(path) == "lock" })
}

func TestBuildGo(t *testing.T) {
	dir, cache := tree(t, hello("one")), t.TempDir()
	a := detect(t, dir, Options{CacheDir: cache})
	first := prepare(t, a)
	if got := run(t, first); got != "one" {
		t.Errorf("printed %q, want one", got)
	}
	if cmd := first.Command("the title"); cmd.Args[0] != "the title" || cmd.Dir != dir {
		t.Errorf("argv[0] %q in %q", cmd.Args[0], cmd.Dir)
	}
	if again := prepare(t, a); again.program != first.program {
		t.Errorf("the same code became %q and %q", first.program, again.program)
	} else {
		again.Release()
	}

	write(t, filepath.Join(dir, "main.go"), hello("two")["main.go"])
	second := prepare(t, a)
	if got := run(t, second); got != "two" {
		t.Errorf("printed %q, want two", got)
	}
	if got := run(t, first); got != "one" {
		t.Errorf("the first build printed %q after the second, want one", got)
	}

	// The program of a build that is released goes with the next build.
	first.Release()
	second.Release()
	write(t, filepath.Join(dir, "main.go"), hello("three")["main.go"])
	third := prepare(t, a)
	if found := programs(t, cache); len(found) != 1 || found[0] != third.program {
		t.Errorf("the cache holds %q, want %q alone", found, third.program)
	}
}

func TestBuildGoError(t *testing.T) {
	dir, cache := tree(t, hello("one")), t.TempDir()
	write(t, filepath.Join(dir, "main.go"), "package main\n\nfunc main() { undefined() }\n")
	a := detect(t, dir, Options{CacheDir: cache})
	_, err := a.Prepare(context.Background())
	var failed *BuildError
	if !errors.As(err, &failed) || !strings.Contains(failed.Output, "./main.go:3:15: undefined: undefined") {
		t.Fatalf("error %v, want the compiler's", err)
	}
	if found := programs(t, cache); len(found) != 0 {
		t.Errorf("a failed build left %q", found)
	}

	t.Setenv("PATH", "")
	if _, err := a.Prepare(context.Background()); err == nil || !strings.Contains(err.Error(), "needs the go command, which is not in PATH") {
		t.Errorf("error %v without go", err)
	}
}

func TestBuildGoConcurrently(t *testing.T) {
	dir, cache := tree(t, hello("one")), t.TempDir()
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			// As two servers would: nothing is shared but the folder.
			a, err := Detect(dir, Options{CacheDir: cache})
			if err != nil {
				t.Error(err)
				return
			}
			b, err := a.Prepare(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			defer b.Release()
			if out, err := b.Command("").CombinedOutput(); err != nil || string(out) != "one\n" {
				t.Errorf("printed %q, %v", out, err)
			}
		})
	}
	all.Wait()
	if found := programs(t, cache); len(found) != 1 {
		t.Errorf("the cache holds %q, want one program", found)
	}
}

func TestBuildGoCancelled(t *testing.T) {
	dir, cache := tree(t, hello("one")), t.TempDir()
	a := detect(t, dir, Options{CacheDir: cache})
	shelf, err := openShelf(context.Background(), cache, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer shelf.close()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := a.Prepare(ctx) // waits for the shelf
		done <- err
	}()
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want %v", err, context.Canceled)
		}
	case <-time.After(20 * time.Second):
		t.Error("a cancelled build goes on")
	}
}

func TestBuildGoThroughLink(t *testing.T) {
	dir := tree(t, nil)
	for _, release := range []string{"1", "2"} {
		for name, text := range hello(release) {
			write(t, filepath.Join(dir, release, name), text)
		}
	}
	current := filepath.Join(dir, "current")
	if err := os.Symlink("1", current); err != nil {
		t.Fatal(err)
	}
	a := detect(t, current, Options{CacheDir: t.TempDir()})
	if got := run(t, prepare(t, a)); got != "1" {
		t.Errorf("printed %q, want 1", got)
	}
	if err := os.Remove(current); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("2", current); err != nil {
		t.Fatal(err)
	}
	b := prepare(t, a)
	if got := run(t, b); got != "2" || b.Dir != filepath.Join(dir, "2") {
		t.Errorf("printed %q in %q", got, b.Dir)
	}
}

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
		"app/go.mod", "app/inner/inner.go", "app/inner/other.go", "app/main.go", "app/page.html", "lib/go.mod", "lib/lib.go",
	}
	check := func() {
		t.Helper()
		files, err := a.Files(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for i, file := range files {
			files[i], _ = filepath.Rel(dir, file)
		}
		if !slices.Equal(files, want) {
			t.Errorf("files %q\nwant  %q", files, want)
		}
	}
	check()
	write(t, filepath.Join(dir, "app/inner/inner.go"), "package inner\n\nfunc {")
	check()
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
	files, err := a.Files(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"go.work", "app/main.go", "lib/lib.go", "lib/go.mod"} {
		if !slices.Contains(files, filepath.Join(dir, file)) {
			t.Errorf("%q is not among %q", file, files)
		}
	}
}
