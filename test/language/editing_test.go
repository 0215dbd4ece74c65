package language

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// written writes an app into a folder.
func written(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		save(t, filepath.Join(dir, name), text)
	}
	age(t, dir)
	return dir
}

// save writes a file, with the folders that it lies in.
func save(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// age makes what was written a moment ago look old: else it may have changed
// since it was looked at.
func age(t *testing.T, dir string) {
	t.Helper()
	old := time.Now().Add(-time.Hour)
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, old, old)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// awaitAnswer waits until the app answers so, which no request may fail to get
// an answer for.
func awaitAnswer(s *driver.Server, want string) {
	s.Eventually("the new code answers", func() error {
		if got := s.Get("/"); got != want {
			return fmt.Errorf("got %q, want %q", got, want)
		}
		return nil
	})
}

// awaitError waits until the status tells of an error; the old code answers on.
func awaitError(s *driver.Server, want string) {
	s.Eventually("the status tells of the error", func() error {
		s.Get("/")
		if got := s.FullStatus().LastError; !strings.Contains(got, want) {
			return fmt.Errorf("got %q, want %q", got, want)
		}
		return nil
	})
}
