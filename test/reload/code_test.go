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

// code is a small Go app in a folder of its own that can be edited. Everything
// it was made from can be told from what it answers.
type code struct {
	t   *testing.T
	dir string

	main, nested, embedded, extra, many int // versions
}

// manyFiles is how many files a checkout changes.
const manyFiles = 150

// fastLink leaves out what only a debugger reads, which makes a build shorter.
const fastLink = "GOFLAGS=-ldflags=-w"

// newCode writes the app.
func newCode(t *testing.T) *code {
	t.Helper()
	c := &code{t: t, dir: filepath.Join(t.TempDir(), "app")}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	c.write("go.mod", fmt.Sprintf(`module example.com/app

go 1.26.0

require github.com/rip-server/rip-server v0.0.0

replace github.com/rip-server/rip-server => %s
`, root))
	c.write("app.go", `package main

import (
	"embed"
	"fmt"
	"log"
	"net/http"
	"os"

	"example.com/app/many"
	"example.com/app/nested"
	"github.com/rip-server/rip-server/worker"
)

//go:embed text
var text embed.FS

var extra int

func answer(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/file" {
		http.ServeFile(w, r, "text/version")
		return
	}
	embedded, _ := text.ReadFile("text/version")
	fmt.Fprintf(w, "main %d, nested %d, embedded %s, extra %d, many %d", version, nested.Version, embedded, extra, many.Sum)
}

func main() {
	if len(os.Getenv("NOT_SET")) > 0 {
		os.Exit(1)
	}
	start()
	if err := worker.Serve(http.HandlerFunc(answer)); err != nil {
		log.Fatal(err)
	}
}
`)
	c.write("many/many.go", "package many\n\nvar Sum int\n")
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

func (c *code) mainText() string {
	return fmt.Sprintf("package main\n\nconst version = %d\n\nfunc start() {}\n", c.main)
}

func (c *code) saveMain() { c.write("version.go", c.mainText()) }
func (c *code) saveNested() {
	c.write("nested/nested.go", fmt.Sprintf("package nested\n\nconst Version = %d\n", c.nested))
}
func (c *code) saveEmbedded() { c.write("text/version", fmt.Sprint(c.embedded)) }

// saveExtra adds a file, whose name tells its version, and removes the one
// before.
func (c *code) saveExtra() {
	c.write(fmt.Sprintf("extra%d.go", c.extra), fmt.Sprintf("package main\n\nfunc init() { extra += %d }\n", c.extra))
	c.remove(fmt.Sprintf("extra%d.go", c.extra-1))
}

// saveMany does what git checkout does: it removes each file and writes it
// anew.
func (c *code) saveMany() {
	for i := range manyFiles {
		name := fmt.Sprintf("many/file%d.go", i)
		c.remove(name)
		c.write(name, fmt.Sprintf("package many\n\nfunc init() { Sum += %d }\n", c.many))
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

// brk saves code that does not compile: line 3 of version.go.
func (c *code) brk() { c.write("version.go", strings.Replace(c.mainText(), "const", "konst", 1)) }

// die saves code that does not start: line 5 of version.go.
func (c *code) die() {
	c.write("version.go", strings.Replace(c.mainText(), "{}", `{ panic("no database") }`, 1))
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
