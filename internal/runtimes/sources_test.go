package runtimes

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/rip-server/rip-server/internal/reload"
)

func TestSources(t *testing.T) {
	dir := tree(t, map[string]string{
		"app.py":                       "",
		"app.log":                      "",
		"views/page.py":                "",
		"views/deep/part.py":           "",
		".git/hooks/hook.py":           "",
		"node_modules/left-pad/pad.js": "",
		"__pycache__/app.py":           "",
		"env/pyvenv.cfg":               "",
		"env/lib/os.py":                "",
	})
	want := []string{".", "app.py", "views", "views/deep", "views/page.py", "views/deep/part.py"}
	if got := relative(dir, sources(dir, 100)); !slices.Equal(got, want) {
		t.Errorf("sources %q, want %q", got, want)
	}
	if got := relative(dir, sources(dir, 3)); !slices.Equal(got, want[:3]) {
		t.Errorf("the first three sources are %q, want %q", got, want[:3])
	}
}

func TestCommandChanges(t *testing.T) {
	dir := tree(t, map[string]string{"worker.py": "", "settings": "", "lib/a.py": "", "run.log": ""})
	a := detect(t, dir, Options{Command: []string{"python3", "worker.py", "settings"}})
	for file, counts := range map[string]bool{
		"worker.py": true, "settings": true, "lib/a.py": true, "lib/new.py": true, "run.log": false, "run.sqlite": false,
	} {
		w := reload.New(filesOf(t, a))
		write(t, filepath.Join(dir, file), "changed")
		if got := w.Changed(); got != counts {
			t.Errorf("changed %v after writing %q, want %v", got, file, counts)
		}
	}
}

// Both packages must mean the same by a source file.
func TestSourcesAreWhatReloadNotices(t *testing.T) {
	dir := tree(t, nil)
	for _, extension := range sourceExtensions {
		w := reload.New([]string{dir})
		write(t, filepath.Join(dir, "file"+extension), "")
		if !w.Changed() {
			t.Errorf("a new file with %s is not noticed", extension)
		}
	}
}
