package jsworker

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/bundle"
)

// log is what an app has printed.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

// has tells whether a text was printed.
func (l *log) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.b.String(), text)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// started is an app that runs.
type started struct {
	*runner
	t   testing.TB
	log *log
}

// newApp writes the files of an app, the entry index.ts among them, and makes a
// runner that has not started.
func newApp(t testing.TB, files map[string]string) *started {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		save(t, filepath.Join(dir, name), text)
	}
	b, err := bundle.Build(bundle.Options{Dir: dir, Entry: "index.ts"})
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "script")
	save(t, script, string(b.Script))
	s := &started{t: t, log: &log{}}
	source := &source{script: script, env: "development", dir: dir, entry: "index.ts", cache: dir}
	s.runner = newRunner(source, process{stdout: s.log, stderr: s.log, environ: []string{"COLOR=green"}, guard: newWatchdog()})
	t.Cleanup(func() {
		if s.app != nil {
			s.app.close()
		}
	})
	return s
}

// start starts an app that is one file.
func start(t testing.TB, code string) *started {
	t.Helper()
	s := newApp(t, map[string]string{"index.ts": code})
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	return s
}

func save(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// do runs a request as the SDK does.
func (s *started) do(method, target, body string, fields ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "example.org:5002"
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	return s.run(r)
}

func (s *started) run(r *http.Request) *httptest.ResponseRecorder {
	s.t.Helper()
	rsp := httptest.NewRecorder()
	s.ServeHTTP(rsp, r)
	s.after()
	return rsp
}

func (s *started) get(target string) string {
	s.t.Helper()
	return s.do("GET", target, "").Body.String()
}

const patience = 10 * time.Second

// eventually waits for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}
