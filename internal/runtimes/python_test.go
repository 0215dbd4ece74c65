package runtimes

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func needPython(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		if os.Getenv("RIP_TEST_REQUIRE") == "all" {
			t.Fatal("python3 is not installed")
		}
		t.Skip("python3 is not installed")
	}
}

func TestDetectPython(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		o     Options
		entry string // "" = it is none
	}{
		{"asgi first", map[string]string{"asgi.py": "", "wsgi.py": "", "main.py": ""}, Options{}, "asgi.py"},
		{"wsgi before manage", map[string]string{"manage.py": "", "wsgi.py": ""}, Options{}, "wsgi.py"},
		{"app before main", map[string]string{"app.py": "", "main.py": ""}, Options{}, "app.py"},
		{"an entry", map[string]string{"app.py": "", "shop.py": ""}, Options{Entry: "shop:make()"}, "shop:make()"},
		{"a package", map[string]string{"shop/__init__.py": ""}, Options{Entry: "shop"}, "shop"},
		{"a module in a package", map[string]string{"shop/web.py": ""}, Options{Entry: "shop.web:app"}, "shop.web:app"},
		{"a file", map[string]string{"src/shop.py": ""}, Options{Entry: "src/shop.py:app"}, "src/shop.py:app"},
		{"an installed package", nil, Options{Kind: "python", Entry: "shop:app"}, "shop:app"},
		{"no such module", map[string]string{"app.py": ""}, Options{Entry: "shop:app"}, ""},
		{"nothing", map[string]string{"shop.py": ""}, Options{}, ""},
		{"Go first", map[string]string{"main.go": "package main", "app.py": ""}, Options{Kind: "python"}, "app.py"},
	}
	for _, test := range tests {
		a, err := Detect(tree(t, test.files), test.o)
		switch {
		case err != nil && test.entry != "":
			t.Errorf("%s: %v", test.name, err)
		case err == nil && (a.Kind != "python" || a.Entry != test.entry):
			t.Errorf("%s: %s with the entry %q, want %q", test.name, a.Kind, a.Entry, test.entry)
		}
	}
}

func TestWhoLoadsPythonAgain(t *testing.T) {
	django := "import os\nfrom django.core.wsgi import get_wsgi_application\n"
	dir := tree(t, map[string]string{"a/app.py": "", "b/manage.py": django, "c/site/wsgi.py": django, "c/app.py": ""})
	for folder, want := range map[string]bool{"a": true, "b": false, "c": true} {
		if a := detect(t, filepath.Join(dir, folder), Options{}); a.LoadsItself != want {
			t.Errorf("%s: loads itself %v, want %v", folder, a.LoadsItself, want)
		}
	}
	if a := detect(t, filepath.Join(dir, "c"), Options{Entry: "site.wsgi:application"}); a.LoadsItself {
		t.Error("the entry is Django's")
	}
}

func TestPythonFileAsPath(t *testing.T) {
	dir := tree(t, map[string]string{"shop.py": ""})
	if a := detect(t, filepath.Join(dir, "shop.py"), Options{}); a.Kind != "python" || a.Entry != "shop.py" || a.Dir != dir {
		t.Errorf("%+v", a)
	}
}

func TestPythonInterpreter(t *testing.T) {
	needPython(t)
	real, err := findPython(context.Background(), t.TempDir(), "python3")
	if err != nil {
		t.Fatal(err)
	}
	says := func(version string) string {
		return "#!/bin/sh\necho " + version + "\necho $0\n"
	}
	dir := tree(t, map[string]string{
		"own/.venv/bin/python":    says("3 12"),
		"active/bin/python":       says("3 9"),
		"old/.venv/bin/python":    says("3 8"),
		"broken/.venv/bin/python": "#!/bin/sh\necho no library >&2\nexit 1\n",
		"gone/.venv/x":            "",
		"plain/app.py":            "",
	})
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	tests := []struct {
		folder, asked, active string
		want                  string
		problem               string
	}{
		{folder: "own", active: at("active"), want: at("own/.venv/bin/python")},
		{folder: "plain", active: at("active"), want: at("active/bin/python")},
		{folder: "own", asked: "python3", want: real},
		{folder: "old", problem: `.venv: "` + at("old/.venv/bin/python") + `" is Python 3.8, and 3.9 or newer is needed`},
		{folder: "broken", problem: "is no Python that runs: exit status 1 no library"},
		{folder: "gone", problem: `.venv: "` + at("gone/.venv/bin/python") + `" cannot be run: no such file`},
		{folder: "plain", asked: "no-python-of-this-name", problem: "there is no no-python-of-this-name in PATH"},
	}
	for _, test := range tests {
		t.Setenv("VIRTUAL_ENV", test.active)
		got, err := findPython(context.Background(), at(test.folder), test.asked)
		switch {
		case test.problem == "" && (err != nil || got != test.want):
			t.Errorf("%+v: got %q, %v", test, got, err)
		case test.problem != "" && (err == nil || !strings.Contains(err.Error(), test.problem) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%+v: got %q, %v", test, got, err)
		}
	}
}

func TestPythonCommand(t *testing.T) {
	needPython(t)
	cache := t.TempDir()
	b := prepare(t, detect(t, tree(t, map[string]string{"app.py": ""}), Options{CacheDir: cache}))
	// Without the variables of the protocol the shim says what it is for.
	if out, err := b.Command("").CombinedOutput(); err == nil || !strings.Contains(string(out), "started by rip-server") {
		t.Errorf("printed %q, %v", out, err)
	}
	again := prepare(t, detect(t, tree(t, map[string]string{"app.py": ""}), Options{CacheDir: cache}))
	if b.args[0] != again.args[0] {
		t.Errorf("two shims, %q and %q", b.args[0], again.args[0])
	}
}
