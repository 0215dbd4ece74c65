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

	"github.com/rip-server/rip-server/internal/reload"
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
	if again := prepare(t, a); again.program != first.program || again.ID != first.ID {
		t.Errorf("the same code became %q and %q", first.ID, again.ID)
	} else {
		again.Release()
	}

	write(t, filepath.Join(dir, "main.go"), hello("two")["main.go"])
	second := prepare(t, a)
	if got := run(t, second); got != "two" {
		t.Errorf("printed %q, want two", got)
	}
	if second.ID == first.ID {
		t.Errorf("other code has the same ID, %q", first.ID)
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
	files := filesOf(t, a)
	w := reload.New(files)
	if err := os.Remove(current); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("2", current); err != nil {
		t.Fatal(err)
	}
	if !w.Changed() {
		t.Errorf("another release is not noticed in %q", files)
	}
	b := prepare(t, a)
	if got := run(t, b); got != "2" || b.Dir != filepath.Join(dir, "2") {
		t.Errorf("printed %q in %q", got, b.Dir)
	}
}
