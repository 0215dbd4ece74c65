package reload

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// code is a small app in a folder of its own that can be edited. Everything it
// was made from can be told from what it answers.
type code struct {
	t   *testing.T
	dir string
	in  *language

	main, nested, embedded, extra, many int // versions
}

// manyFiles is how many files a checkout changes.
const manyFiles = 150

// newCode writes the app in Go.
func newCode(t *testing.T) *code { return newCodeIn(t, golang) }

// newCodeIn writes the app in a language.
func newCodeIn(t *testing.T, in *language) *code {
	t.Helper()
	c := &code{t: t, dir: filepath.Join(t.TempDir(), "app"), in: in}
	in.begin(c)
	c.saveMain()
	c.saveNested()
	c.saveEmbedded()
	c.saveMany()
	c.age()
	return c
}

// age makes everything look as if it had been written long ago.
func (c *code) age() {
	c.t.Helper()
	then := time.Now().Add(-time.Hour)
	err := filepath.WalkDir(c.dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Chtimes(path, then, then))
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// answer is what the app says when it was made from the files as they are.
func (c *code) answer() string {
	return fmt.Sprintf("main %d, nested %d, embedded %d, extra %d, many %d", c.main, c.nested, c.embedded, c.extra, c.many*manyFiles)
}

func (c *code) mainText() string { return fmt.Sprintf(c.in.mainText, c.main) }

func (c *code) saveMain()     { c.write(c.in.main, c.mainText()) }
func (c *code) saveNested()   { c.write(c.in.nested, fmt.Sprintf(c.in.nestedText, c.nested)) }
func (c *code) saveEmbedded() { c.write("text/version.txt", fmt.Sprint(c.embedded)) }

// saveExtra brings a new file into the code and removes the one before.
func (c *code) saveExtra() { c.in.saveExtra(c) }

// saveMany does what git checkout does: it removes each file and writes it
// anew.
func (c *code) saveMany() {
	for i := range manyFiles {
		name := fmt.Sprintf(c.in.manyName, i)
		c.remove(name)
		c.write(name, fmt.Sprintf(c.in.manyText, c.many))
	}
}

func (c *code) path(name string) string { return filepath.Join(c.dir, filepath.FromSlash(name)) }

// write writes a file in place, as echo and most editors do.
func (c *code) write(name, text string) {
	c.t.Helper()
	path := c.path(name)
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// replace writes a new file and moves it to the place of the old one, as the
// other editors do.
func (c *code) replace(name, text string) {
	c.t.Helper()
	temporary := filepath.Join(filepath.Dir(name), ".saving~")
	c.write(temporary, text)
	if err := os.Rename(c.path(temporary), c.path(name)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *code) add(name, text string) {
	c.t.Helper()
	f, err := os.OpenFile(c.path(name), os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *code) remove(name string) {
	c.t.Helper()
	if err := os.Remove(c.path(name)); err != nil && !os.IsNotExist(err) {
		c.t.Fatal(err)
	}
}

// brk saves code that does not compile: line 3 of the main file.
func (c *code) brk() { c.write(c.in.main, strings.Replace(c.mainText(), "const", "konst", 1)) }

// die saves code that does not start: line 5 of the main file.
func (c *code) die() {
	c.write(c.in.main, strings.Replace(c.mainText(), "{}", "{ "+c.in.dies+" }", 1))
}

// settled ends the test unless the server comes to rest with its workers and
// as many open files as before. Settled of the driver wants the very same
// files; here one of them is the program, which has changed.
func settled(s *driver.Server, workers, files int) {
	s.Eventually("the server is back to where it was", func() error {
		if n := len(s.WorkerPIDs()); n != workers {
			return fmt.Errorf("%d child processes, want %d workers", n, workers)
		}
		if n := openFiles(s); n != files {
			return fmt.Errorf("%d open files, before %d", n, files)
		}
		return nil
	})
}

// openFiles returns how many descriptors the server has.
func openFiles(s *driver.Server) int {
	fds, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.PID))
	if err != nil {
		s.Fatalf("%v", err)
	}
	return len(fds)
}
