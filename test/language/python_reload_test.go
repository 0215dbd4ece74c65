package language

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// writeTree writes files, by their names as seen from a folder.
func writeTree(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A change of any module of the app is loaded, all of them together and in the
// same process, while packages of others stay as they are.
func TestPythonModules(t *testing.T) {
	driver.Require(t, "python3")
	dir := t.TempDir()
	app := filepath.Join(dir, "app")
	writeTree(t, dir, map[string]string{
		"others/other.py": "import os, time\nLOADED = f'{os.getpid()} at {time.time_ns()}'\n",
		"app/app.py": "import other\nfrom pages import home\n\ndef app(environ, start_response):\n" +
			"    start_response('200 OK', [])\n    return [f'{home.text()}, {other.LOADED}'.encode()]\n",
		"app/pages/__init__.py":               "",
		"app/pages/home.py":                   "from pages.part import PART\n\ndef text():\n    return f'home 1 {PART}'\n",
		"app/pages/part.py":                   "PART = 'part 1'\n",
		"app/.venv/lib/site-packages/mine.py": "",
	})
	s := driver.Start(t, driver.Options{App: app, Workers: 1, Quiet: true, Env: []string{"PYTHONPATH=" + filepath.Join(dir, "others")},
		Args: []string{"--python=python3", "--json-logging"}})
	first := s.Get("/")
	_, loaded, _ := strings.Cut(first, ", ")
	becomes := func(want string) {
		s.Eventually("the answer is "+want, func() error {
			if got := s.Get("/"); got != want+", "+loaded {
				return fmt.Errorf("it is %q", got)
			}
			return nil
		})
	}
	becomes("home 1 part 1")
	writeTree(t, app, map[string]string{"pages/part.py": "PART = 'part 2'\n"})
	becomes("home 1 part 2")
	// Of the same size, and perhaps within the same second.
	writeTree(t, app, map[string]string{"pages/part.py": "PART = 'part 3'\n"})
	becomes("home 1 part 3")

	writeTree(t, app, map[string]string{"pages/home.py": "from pages.more import MORE\n\ndef text():\n    return f'home 2 {MORE}'\n"})
	s.Eventually("the error is known", func() error {
		s.Get("/")
		if last := s.FullStatus().LastError; !strings.Contains(last, "No module named 'pages.more'") || !strings.Contains(last, "home.py") {
			return fmt.Errorf("last error %q", last)
		}
		return nil
	})
	becomes("home 1 part 3")
	writeTree(t, app, map[string]string{"pages/more.py": "MORE = 'more'\n"})
	becomes("home 2 more")
	if caches, _ := filepath.Glob(filepath.Join(app, "*", "__pycache__")); len(caches) > 0 {
		t.Errorf("compiled code of the app is in %v: it goes by whole seconds", caches)
	}
	s.Settled()
}

// What keeps an app from being loaded is said in one line, and in the
// language's own words.
func TestPythonThatCannotBeLoaded(t *testing.T) {
	driver.Require(t, "python3")
	for text, want := range map[string]string{
		"import shopping_cart\n":  "ModuleNotFoundError: No module named 'shopping_cart'",
		"def app(:\n":             "SyntaxError: invalid syntax",
		"shop = 1\n":              "no app in app: looked for application, app,",
		"app = 1 / 0\n":           "ZeroDivisionError: division by zero",
		"import sys\nsys.exit(3)": "exit status 3",
	} {
		dir := filepath.Join(t.TempDir(), "app")
		writeTree(t, dir, map[string]string{"app.py": text})
		s := driver.Start(t, driver.Options{App: dir, Workers: 1, Pending: true})
		s.Eventually("the log says what is wrong", func() error {
			for _, line := range s.LogLines("worker did not start") {
				if strings.Contains(line, want) {
					return nil
				}
			}
			return fmt.Errorf("nowhere is %q", want)
		})
		for _, line := range s.LogLines("rip_worker") {
			t.Errorf("%q: a frame of the runtime is in the traceback: %s", text, line)
		}
		s.Stop()
	}
}
