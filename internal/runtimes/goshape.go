package runtimes

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"time"
)

// fileClock is how far the time that the kernel gives a file may lag behind the
// clock.
const fileClock = 20 * time.Millisecond

// shapeOf returns the digest of everything that go list -deps went by when it
// named these files: what the Go files import and embed, what the folders hold
// and the patterns match, what the module files say. newest is when any of it
// was changed last.
func shapeOf(dir string, list []string) (shape string, newest time.Time) {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", dir)
	for _, path := range list {
		fmt.Fprintf(h, "%q ", path)
		info, err := os.Stat(path)
		if err != nil {
			matches, _ := filepath.Glob(path)
			fmt.Fprintf(h, "%q\n", matches)
			continue
		}
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
		switch {
		case info.IsDir():
			entries, err := os.ReadDir(path)
			fmt.Fprintf(h, "%v %v\n", entries, err)
		case filepath.Ext(path) == ".go":
			writeHeader(h, path)
		case filepath.Ext(path) == ".mod", filepath.Ext(path) == ".sum", filepath.Ext(path) == ".work", filepath.Base(path) == "modules.txt":
			text, err := os.ReadFile(path)
			fmt.Fprintf(h, "%q %v\n", text, err)
		}
	}
	return string(h.Sum(nil)), newest
}

// writeHeader writes what a Go file says about other files: everything up to
// its last import, build constraints included, and what it embeds.
func writeHeader(w io.Writer, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		fmt.Fprintln(w, err)
		return
	}
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, text, parser.ImportsOnly)
	if err != nil {
		fmt.Fprintf(w, "%q\n", text)
		return
	}
	end := f.Name.End()
	for _, spec := range f.Imports {
		end = max(end, spec.End())
	}
	header := text[:files.Position(end).Offset]
	fmt.Fprintf(w, "%q\n", header)
	for line := range bytes.Lines(text[len(header):]) {
		if line = bytes.TrimSpace(line); bytes.HasPrefix(line, []byte("//go:embed")) {
			fmt.Fprintf(w, "%q\n", line)
		}
	}
}
