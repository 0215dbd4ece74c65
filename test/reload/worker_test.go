package reload

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/internal/control"
	"github.com/rip-server/rip-server/test/driver"
)

// reloads are ways to load app.py again in the worker: the worker of the examples
// on each type of socket, and the runtime of Python with an app of each interface.
var reloads = map[string]struct {
	socket string
	folder string // to copy, "" = none
	text   string // of app.py, with the number that it answers
}{
	"worker":        {"seqpacket", "../../examples/worker-python", "def handle(method, target, body):\n    return b'main %d'\n"},
	"stream worker": {"stream", "../../examples/worker-python", "def handle(method, target, body):\n    return b'main %d'\n"},
	"wsgi":          {"seqpacket", "", "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'main %d']\n"},
	"asgi": {"seqpacket", "", "async def app(scope, receive, send):\n" +
		"    await send({'type': 'http.response.start', 'status': 200})\n" +
		"    await send({'type': 'http.response.body', 'body': b'main %d'})\n"},
}

// pythonCode is an app of one of the reloads.
type pythonCode struct {
	*code
	socket string // the type that its workers speak
	text   string
}

func newPythonCode(t *testing.T, kind string) *pythonCode {
	t.Helper()
	driver.Require(t, "python3")
	r := reloads[kind]
	c := &pythonCode{&code{t: t, dir: filepath.Join(t.TempDir(), "app")}, r.socket, r.text}
	if r.folder != "" {
		if err := os.CopyFS(c.dir, os.DirFS(r.folder)); err != nil {
			t.Fatal(err)
		}
	}
	c.savePython()
	c.age()
	return c
}

// everyReload runs a test with each of the reloads.
func everyReload(t *testing.T, test func(*testing.T, *pythonCode)) {
	for kind := range reloads {
		t.Run(kind, func(t *testing.T) { test(t, newPythonCode(t, kind)) })
	}
}

func (c *pythonCode) pythonText() string { return fmt.Sprintf(c.text, c.main) }

func (c *pythonCode) savePython() { c.write("app.py", c.pythonText()) }

// pythonAnswer is what the app says when it was made from app.py as it is.
func (c *pythonCode) pythonAnswer() string { return fmt.Sprintf("main %d", c.main) }

// Workers that can do so load their code again by themselves: nobody waits, no
// process ends, and after as many reloads as they may they are replaced.
func TestReloadInTheWorker(t *testing.T) { everyReload(t, reloadInTheWorker) }

func reloadInTheWorker(t *testing.T, c *pythonCode) {
	const most = 4
	s := driver.Start(t, driver.Options{App: c.dir, Socket: c.socket, Workers: 2, Quiet: true,
		Args: []string{"--json-logging", fmt.Sprintf("--max-reloads=%d", most)}})
	files := openFiles(s)
	r := readCode(s, c.pythonAnswer(), byWorker)
	// Whoever starts while the code is broken cannot, and is another test.
	quiet := func() (list []control.Worker) {
		s.Eventually("nobody starts or ends", func() error {
			list = s.FullStatus().WorkerList
			for _, w := range list {
				if w.State != "ready" {
					return fmt.Errorf("worker %d is %s", w.Number, w.State)
				}
			}
			return nil
		})
		return list
	}
	good := func(save func()) {
		before := quiet()
		r.expect(c.pythonAnswer(), save)
		r.await()
		s.Eventually("both workers have the new code", func() error {
			for _, w := range s.FullStatus().WorkerList {
				for _, b := range before {
					if w.PID == b.PID && w.Code == b.Code {
						return fmt.Errorf("worker %d has code %d", w.Number, w.Code)
					}
				}
			}
			return nil
		})
		r.good()
	}
	broken := func(save func(), message string) {
		quiet()
		save()
		s.Eventually("both workers have tried", func() error {
			for _, w := range s.FullStatus().WorkerList {
				if !strings.Contains(w.LastError, message) {
					return fmt.Errorf("the last error of worker %d is %q, want %q", w.Number, w.LastError, message)
				}
			}
			return nil
		})
		r.more(20)
		r.good()
		a, err := s.Do(&driver.Request{Target: "/", Fields: []string{"Accept: text/html"}})
		if err != nil || a.Status != 500 || !strings.Contains(string(a.Body), message) {
			s.Fatalf("a browser gets %+v, %v", a, err)
		}
	}
	for range max(3, driver.Scaled(60)) {
		c.main++
		good(c.savePython)
		c.main++
		good(func() { c.replace("app.py", c.pythonText()) })
		broken(func() { c.write("app.py", "def app(:\n") }, "app.py")
		broken(func() { c.write("app.py", "import sys\nsys.exit(3)\n") }, "SystemExit: 3")
		broken(func() { c.write("app.py", "app = handle = 1 / 0\n") }, "ZeroDivisionError")
		c.main++
		good(c.savePython)
		s.Eventually("nothing is wrong any more", func() error {
			if last := s.FullStatus().LastError; last != "" {
				return fmt.Errorf("last error %q", last)
			}
			return nil
		})
		for _, w := range s.FullStatus().WorkerList {
			if w.Reloads > most || w.Code != w.Reloads+1 && w.State == "ready" {
				t.Errorf("worker %d: %d reloads, code %d", w.Number, w.Reloads, w.Code)
			}
		}
	}
	r.stop()
	if n := len(s.LogLines(fmt.Sprintf(`"why":"%d reloads"`, most))); n < 2 {
		s.Fatalf("%d workers were replaced after %d reloads", n, most)
	}
	if n := count(s, "worker crashed"); n > 0 {
		t.Errorf("%d workers have crashed", n)
	}
	settled(s, 2, files)
}

// A worker that cannot start while the code is broken does so as soon as it is
// right, and not when its turn comes again.
func TestReloadOfAWorkerThatCannotStart(t *testing.T) { everyReload(t, reloadOfAWorkerThatCannotStart) }

func reloadOfAWorkerThatCannotStart(t *testing.T, c *pythonCode) {
	s := driver.Start(t, driver.Options{App: c.dir, Socket: c.socket, Workers: 2, Quiet: true, Args: []string{"--json-logging"}})
	c.write("app.py", "def app(:\n")
	s.Kill9(s.WorkerPIDs()[0])
	s.Eventually("it has tried often", func() error {
		if n := count(s, "worker waits before it starts again"); n < 5 {
			return fmt.Errorf("%d times", n)
		}
		return nil
	})
	if got := s.Get("/"); got != c.pythonAnswer() {
		t.Errorf("%q answers", got)
	}
	tries := count(s, "worker did not start")
	c.savePython()
	s.AwaitHealthy()
	if n := count(s, "worker did not start"); n > tries+1 { // one may have been under way
		t.Errorf("%d starts failed after the code was right", n-tries)
	}
}

// Where no worker ever started a browser is shown why, and the first request
// after the correction waits for the workers that start.
func TestReloadOfWhatNeverStarted(t *testing.T) { everyReload(t, reloadOfWhatNeverStarted) }

func reloadOfWhatNeverStarted(t *testing.T, c *pythonCode) {
	c.write("app.py", "def app(:\n")
	c.age()
	s := driver.Start(t, driver.Options{App: c.dir, Socket: c.socket, Workers: 2, Quiet: true, Pending: true, Args: []string{"--json-logging"}})
	shownWhy(s, "app.py", "line 1")
	for range 3 {
		c.savePython()
		untilLook(s)
		if got := s.Get("/"); got != c.pythonAnswer() {
			t.Fatalf("it answers %q, want %q", got, c.pythonAnswer())
		}
		c.write("app.py", "def app(:\n")
		for _, pid := range s.WorkerPIDs() {
			s.Kill9(pid)
		}
		s.Eventually("none can start", func() error {
			if a, err := s.Ask("GET", "/"); err != nil || a.Status != 503 {
				return fmt.Errorf("status %d, %v", a.Status, err)
			}
			return nil
		})
		c.main++
	}
}
