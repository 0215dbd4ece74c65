package compile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/bundle"
)

// shared is an app with a bundle that several want.
type shared struct {
	t    *testing.T
	dir  string
	file string
}

func newShared(t *testing.T) *shared {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &shared{t: t, dir: filepath.Join(dir, "app"), file: filepath.Join(dir, SharedFile)}
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return s
}

// save writes a file as it was some time ago: one that was written a moment
// before it is read may change without looking any different.
func (s *shared) save(name, text string, ago time.Duration) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	write(s.t, path, text)
	then := time.Now().Add(-ago)
	for _, path := range []string{path, s.dir} {
		if err := os.Chtimes(path, then, then); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *shared) options() bundle.Options {
	return bundle.Options{Dir: s.dir, Entry: "index.ts", Env: "development"}
}

// spoil makes what is in the file tell that it came from there.
func (s *shared) spoil() {
	s.t.Helper()
	text, err := os.ReadFile(s.file)
	if err != nil {
		s.t.Fatal(err)
	}
	write(s.t, s.file, strings.ReplaceAll(string(text), "ONE", "KEPT"))
}

func (s *shared) want(o bundle.Options, want string) {
	s.t.Helper()
	b, err := Shared(o, nil, s.dir, s.file)
	got := string(b.Script)
	if err != nil {
		got = err.Error()
	}
	if !strings.Contains(got, want) {
		s.t.Errorf("got %.300q, want %q in it", got, want)
	}
	if len(b.Files) == 0 {
		s.t.Error("it has no files")
	}
}

func TestShared(t *testing.T) {
	s := newShared(t)
	s.save("index.ts", "import { x } from './x'; export default x", time.Hour)
	s.save("x.ts", "export const x = 'ONE'", time.Hour)
	if _, err := Fresh(s.options(), nil, s.dir, s.file); err != nil {
		t.Fatal(err)
	}
	s.spoil()
	s.want(s.options(), "KEPT")
	production := s.options()
	production.Env = "production"
	s.want(production, "ONE") // and leaves that
	s.spoil()
	s.want(production, "KEPT")
	s.save("x.ts", "export const x = 'TWO'", time.Minute)
	s.want(production, "TWO")
	s.save("x.ts", "export const y = 'ONE'", time.Second)
	s.want(production, `No matching export in "x.ts"`)
	s.want(production, `No matching export in "x.ts"`)
	if b, err := Fresh(s.options(), nil, s.dir, s.file); err == nil || b.Script != nil {
		t.Errorf("a fresh one of broken code: %v", err)
	}
}

// What was written just now may be written once more without looking any
// different, so nobody relies on it.
func TestSharedJustSaved(t *testing.T) {
	s := newShared(t)
	s.save("index.ts", "export default 'ONE'", -time.Minute)
	s.want(s.options(), "ONE")
	if _, err := os.Stat(s.file); err == nil {
		t.Error("it was left to others")
	}
}
