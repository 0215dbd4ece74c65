package jsworker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/reload"
)

const version = `export default () => new Response("version %");`

// newEdited starts an app whose code may change.
func newEdited(t *testing.T, code string) (s *started, edit func(code string)) {
	t.Helper()
	s = newApp(t, map[string]string{"index.ts": strings.ReplaceAll(version, "%", "0")})
	path := filepath.Join(s.source.dir, "index.ts")
	s.source.watch = reload.New([]string{path})
	edit = func(code string) { save(t, path, code) }
	edit(code)
	then := time.Now().Add(-time.Hour) // else it might have changed since it was read
	for _, name := range []string{path, s.source.dir} {
		if err := os.Chtimes(name, then, then); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	return s, edit
}

// renewed calls reload until it has found a change.
func (s *started) renewed(t *testing.T) (err error) {
	t.Helper()
	eventually(t, "the change is found", func() bool {
		var loaded bool
		loaded, err = s.reload()
		return loaded || err != nil
	})
	return err
}

func TestReload(t *testing.T) {
	s, edit := newEdited(t, strings.ReplaceAll(version, "%", "1"))
	if got := s.get("/"); got != "version 1" {
		t.Errorf("got %q", got)
	}
	edit("setInterval(() => {}, 1);" + strings.ReplaceAll(version, "%", "two"))
	if err := s.renewed(t); err != nil {
		t.Fatal(err)
	}
	if got := s.get("/"); got != "version two" {
		t.Errorf("got %q", got)
	}
	for code, want := range map[string]string{
		"export default (": "index.ts:1:",
		"\nthrow new Error('no database'); export default () => {}": "Error: no database\n    at <anonymous> (index.ts:2:",
		"import './missing'; export default () => {}":               `there is no file "./missing"`,
	} {
		edit(code)
		if err := s.renewed(t); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", code, err, want)
		}
		if got := s.get("/"); got != "version two" {
			t.Errorf("got %q", got)
		}
		rsp := s.do("GET", "/", "", "Accept", "text/html")
		if page := rsp.Body.String(); rsp.Code != 500 || !strings.Contains(page, "index.ts:") {
			t.Errorf("a browser gets %d %q", rsp.Code, page)
		}
	}
	edit(strings.ReplaceAll(version, "%", "<3>"))
	if err := s.renewed(t); err != nil {
		t.Fatal(err)
	}
	if got := s.do("GET", "/", "", "Accept", "text/html").Body.String(); got != "version <3>" {
		t.Errorf("got %q", got)
	}
}

// Who starts while the code is broken runs what the server has prepared, and
// says what is wrong.
func TestStartBroken(t *testing.T) {
	s, edit := newEdited(t, "export default (")
	if got := s.get("/"); got != "version 0" {
		t.Errorf("got %q", got)
	}
	if loaded, err := s.reload(); loaded || err == nil || !strings.Contains(err.Error(), "index.ts:1:") {
		t.Errorf("reload says %t, %v", loaded, err)
	}
	if loaded, err := s.reload(); loaded || err != nil {
		t.Errorf("reload says %t, %v", loaded, err)
	}
	edit(strings.ReplaceAll(version, "%", "1"))
	if err := s.renewed(t); err != nil {
		t.Fatal(err)
	}
	if got := s.get("/"); got != "version 1" {
		t.Errorf("got %q", got)
	}
}

// Whoever starts while the code is broken, and gets its first request when that
// is corrected, runs the new code.
func TestStartBrokenAndCorrected(t *testing.T) {
	s, edit := newEdited(t, "export default (")
	edit(strings.ReplaceAll(version, "%", "1"))
	if loaded, err := s.reload(); !loaded || err != nil {
		t.Errorf("reload says %t, %v", loaded, err)
	}
	if got := s.get("/"); got != "version 1" {
		t.Errorf("got %q", got)
	}
}

// Two workers of an app: the one that has not seen the last good code before the
// code broke catches up with the other.
func TestCatchUp(t *testing.T) {
	s, edit := newEdited(t, strings.ReplaceAll(version, "%", "1"))
	late, source := &started{t: t, log: &log{}}, *s.source
	source.watch = reload.New([]string{filepath.Join(source.dir, "index.ts")})
	late.runner = newRunner(&source, process{stdout: late.log, stderr: late.log, guard: newWatchdog()})
	if err := late.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { late.app.close() })
	edit(strings.ReplaceAll(version, "%", "two"))
	if err := s.renewed(t); err != nil {
		t.Fatal(err)
	}
	edit("export default (")
	if err := late.renewed(t); err == nil || !strings.Contains(err.Error(), "index.ts:1:") {
		t.Errorf("error %v", err)
	}
	if got := late.get("/"); got != "version two" {
		t.Errorf("got %q", got)
	}
}

func TestStartWithoutScript(t *testing.T) {
	s := newApp(t, map[string]string{"index.ts": version})
	if err := os.Remove(s.source.script); err != nil {
		t.Fatal(err)
	}
	if err := s.start(); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("error %v", err)
	}
}
