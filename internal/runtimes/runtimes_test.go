package runtimes

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes files, by name relative to a new folder, and returns the folder
// without symbolic links in it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	mode := os.FileMode(0o644)
	if strings.HasPrefix(text, "#!") {
		mode = 0o755
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func detect(t *testing.T, path string, o Options) *App {
	t.Helper()
	a, err := Detect(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func prepare(t *testing.T, a *App) *Build {
	t.Helper()
	b, err := a.Prepare(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Release)
	return b
}

func filesOf(t *testing.T, a *App) []string {
	t.Helper()
	files, err := a.Files(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func relative(dir string, paths []string) (names []string) {
	for _, path := range paths {
		name, _ := filepath.Rel(dir, path)
		names = append(names, name)
	}
	return names
}

// run starts the build as a worker would be and returns what it prints.
func run(t *testing.T, b *Build) string {
	t.Helper()
	cmd := b.Command("the title")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestDetect(t *testing.T) {
	dir := tree(t, map[string]string{
		"go/main.go":          "package main",
		"broken/main.go":      "package main\nfunc main( {",
		"library/a.go":        "package library",
		"mixed/a.go":          "package main",
		"mixed/b.go":          "package other",
		"ignored/a.go":        "//go:build ignore\n\npackage main",
		"empty/README":        "",
		"program":             "#!/bin/sh",
		"text":                "text",
		"python/worker.py":    "",
		"go and rip/a.go":     "package main",
		"go/onlytest_test.go": "package main_test",
	})
	tests := []struct {
		path    string
		command []string
		kind    string
		err     string
	}{
		{path: "go", kind: "go"},
		{path: "broken", kind: "go"},
		{path: "program", kind: "executable"},
		{path: "python", command: []string{"python3", "worker.py"}, kind: "command"},
		{path: "go and rip", command: []string{"go", "run", "."}, kind: "command"},
		{path: "library", err: "(found package library)"},
		{path: "mixed", err: "(found packages [main other])"},
		{path: "ignored", err: "*.go with package main,"},
		{path: "empty", err: "looked for command in rip.toml, *.go with package main, asgi.py, wsgi.py, manage.py, app.py, main.py, index.ts, index.tsx, index.mts, index.jsx, index.js, index.mjs, package.json, server.js, server.mjs, server.cjs, index.js, index.mjs, index.cjs, an executable file"},
		{path: "text", err: "an executable file (this file is not: chmod +x makes it one)"},
		{path: "go/main.go", err: "(a Go app is named by its folder)"},
		{path: "nothing", err: `nothing" does not exist`},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			a, err := Detect(filepath.Join(dir, test.path), Options{Command: test.command})
			switch {
			case test.err == "" && err != nil:
				t.Fatal(err)
			case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
				t.Fatalf("error %v, want one with %q", err, test.err)
			case test.err == "" && a.Kind != test.kind:
				t.Errorf("kind %q, want %q", a.Kind, test.kind)
			}
		})
	}
}

func TestExecutable(t *testing.T) {
	dir := tree(t, map[string]string{
		"releases/1/app": "#!/bin/sh\necho one; pwd",
		"releases/2/app": "#!/bin/sh\necho two; pwd",
	})
	current := filepath.Join(dir, "current")
	link := func(to string) {
		t.Helper()
		if err := os.Symlink(to, current+".new"); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(current+".new", current); err != nil {
			t.Fatal(err)
		}
	}
	link("releases/1")
	a := detect(t, filepath.Join(current, "app"), Options{})
	first := prepare(t, a)
	link("releases/2")
	second := prepare(t, a)
	if got, want := run(t, first), "one\n"+filepath.Join(dir, "releases/1"); got != want {
		t.Errorf("the first build printed %q, want %q", got, want)
	}
	if got, want := run(t, second), "two\n"+filepath.Join(dir, "releases/2"); got != want {
		t.Errorf("the second build printed %q, want %q", got, want)
	}
	if files := filesOf(t, a); !slices.Equal(files, []string{filepath.Join(dir, "releases/2/app"), a.Path}) {
		t.Errorf("files %q, want the program and the way to it", files)
	}
	if err := os.Chmod(filepath.Join(dir, "releases/2/app"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Prepare(context.Background()); err == nil || !strings.Contains(err.Error(), "not an executable") {
		t.Errorf("error %v after chmod -x", err)
	}
}

func TestCommand(t *testing.T) {
	dir := tree(t, map[string]string{
		"bin/start": "#!/bin/sh\necho \"$0 $1\"; pwd",
		"data":      "",
	})
	a := detect(t, dir, Options{Command: []string{"bin/start", "data", "more"}})
	if got, want := run(t, prepare(t, a)), filepath.Join(dir, "bin/start")+" data\n"+dir; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
	if got, want := relative(dir, filesOf(t, a)), []string{".", "bin", "bin/start", "data"}; !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}

	a = detect(t, dir, Options{Command: []string{"sh", "-c", "echo hello"}})
	b := prepare(t, a)
	if got := run(t, b); got != "hello" {
		t.Errorf("printed %q, want hello", got)
	}
	if got := b.Command("the title").Args[0]; got != "sh" {
		t.Errorf("argv[0] is %q, want sh", got)
	}

	a = detect(t, dir, Options{Command: []string{"no-such-program"}})
	if _, err := a.Prepare(context.Background()); err == nil || !strings.Contains(err.Error(), `"no-such-program" of rip.toml is not in PATH`) {
		t.Errorf("error %v", err)
	}
}
