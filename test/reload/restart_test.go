package reload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/reload"
	"github.com/rip-server/rip-server/test/driver"
)

// ways are the ways to ask for a rolling restart. Each returns why it failed,
// "" when it did not, and returns when it is over.
var ways = []struct {
	name string
	ask  func(s *driver.Server) (failure string)
}{
	{"command", func(s *driver.Server) string {
		output, status := s.Run("restart")
		switch status {
		case 0:
			if !strings.Contains(output, "restarted 2 workers in ") {
				s.Fatalf("restart printed %q", output)
			}
			return ""
		case 1:
			return output
		}
		s.Fatalf("restart: exit status %d, %s", status, output)
		return ""
	}},
	{"SIGHUP", func(s *driver.Server) (failure string) {
		done, failed := count(s, "restart finished"), count(s, "restart failed")
		s.Signal(syscall.SIGHUP)
		s.Eventually("the restart is over", func() error {
			if count(s, "restart finished")+count(s, "restart failed") == done+failed {
				return errors.New("it is not")
			}
			return nil
		})
		if lines := s.LogLines(`"event":"restart failed"`); len(lines) > failed {
			return lines[failed]
		}
		return ""
	}},
	{"control socket", func(s *driver.Server) string {
		client := http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return net.Dial("unix", filepath.Join(s.RunDir(), "app.ctl"))
		}}}
		defer client.CloseIdleConnections()
		r, err := client.Post("http://app/restart", "", nil)
		if err != nil {
			s.Fatalf("POST /restart: %v", err)
		}
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		if err != nil {
			s.Fatalf("POST /restart: %v", err)
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		switch last := lines[len(lines)-1]; {
		case last == `{"done":true}`:
			return ""
		case strings.HasPrefix(last, `{"error":`):
			return last
		default:
			s.Fatalf("POST /restart: %s", text)
			return ""
		}
	}},
}

// A rolling restart brings the new code in, however it is asked for, and costs
// nobody an error. Code that does not compile or start is refused with the
// reason, and the old generation is untouched.
func TestRestartToChangedCode(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		c := newCode(t)
		s := driver.Start(t, driver.Options{App: c.dir, Socket: socket, Workers: 2, Quiet: true, Env: []string{fastLink},
			Args: []string{"--json-logging", "--hot-reload=process"}})
		files := openFiles(s)
		r := readCode(s, c.answer(), rolling)
		for _, way := range ways {
			c.main++
			r.expect(c.answer(), c.saveMain)
			if failure := way.ask(s); failure != "" {
				s.Fatalf("%s: %s", way.name, failure)
			}
			if got := s.Get("/"); got != c.answer() {
				s.Fatalf("%s: %q answers after the restart, want %q", way.name, got, c.answer())
			}
			old := told(s)
			c.brk()
			failure := way.ask(s)
			if !strings.Contains(failure, "version.go:3") {
				s.Fatalf("%s: with broken code it says %q", way.name, failure)
			}
			if got, now := s.Get("/"), told(s); got != c.answer() || !slices.Equal(now, old) {
				s.Fatalf("%s: with broken code %q answers, workers %v, before %v", way.name, got, now, old)
			}
			// After SIGHUP the log tells of the end a moment before the status does.
			s.Eventually(way.name+": the status says why", func() error {
				if last := s.FullStatus().LastError; !strings.Contains(last, "version.go:3") {
					return fmt.Errorf("the last error is %q", last)
				}
				return nil
			})
		}
		r.stop()
		settled(s, 2, files)
	})
}

// told returns the process ids of the workers as the server knows them: its
// child processes may be the go command too, which looks what files there are.
func told(s *driver.Server) (pids []int) {
	for _, w := range s.FullStatus().WorkerList {
		pids = append(pids, w.PID)
	}
	return pids
}

// Except in module mode nothing is looked at, and a restart brings changes in.
func TestReloadNone(t *testing.T) {
	for _, mode := range []string{"none", "process"} {
		t.Run(mode, func(t *testing.T) {
			c := newCode(t)
			s := driver.Start(t, driver.Options{App: c.dir, Workers: 2, Quiet: true, Env: []string{fastLink},
				Args: []string{"--json-logging", "--hot-reload=" + mode}})
			r := readCode(s, c.answer(), rolling)
			old := c.answer()
			c.main++
			r.expect(c.answer(), c.saveMain)
			for saved := time.Now(); time.Since(saved) < 2*reload.Interval; {
				r.more(10)
			}
			if got := s.Get("/"); got != old || count(s, "restart began") > 0 {
				s.Fatalf("%q answers", got)
			}
			if output, status := s.Run("restart"); status != 0 {
				s.Fatalf("restart: %s", output)
			}
			r.await()
			r.stop()
		})
	}
}

// With --watch a change restarts by itself, a burst of changes once.
func TestWatch(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		c := newCode(t)
		s := driver.Start(t, driver.Options{App: c.dir, Socket: socket, Workers: 2, Quiet: true, Env: []string{fastLink},
			Args: []string{"--json-logging", "--hot-reload=process", "--watch"}})
		r := readCode(s, c.answer(), rolling)
		change := func(began int, save func()) {
			r.expect(c.answer(), save)
			r.await()
			s.Eventually("the restart is over", func() error {
				if n := count(s, "restart finished"); n < began {
					return fmt.Errorf("%d restarts", n)
				}
				return nil
			})
			if n := count(s, "restart began"); n != began {
				s.Fatalf("%d restarts, want %d", n, began)
			}
		}
		c.nested++
		change(1, c.saveNested)
		c.many, c.extra = c.many+1, c.extra+1
		change(2, func() {
			c.saveMany()
			c.saveExtra()
		})
		r.stop()
	})
}

// An app path that is a symbolic link is resolved anew at every restart, and
// in module mode where it leads to is looked at.
func TestLinkedRelease(t *testing.T) {
	for _, mode := range []string{"none", "module"} {
		t.Run(mode, func(t *testing.T) {
			one, two := newCode(t), newCode(t)
			two.main, two.embedded = 2, 2
			two.saveMain()
			two.saveEmbedded()
			current := filepath.Join(t.TempDir(), "current")
			link := func(to *code) {
				err := os.Symlink(to.dir, current+".new")
				if err == nil {
					err = os.Rename(current+".new", current)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			link(one)
			s := driver.Start(t, driver.Options{App: current, Workers: 2, Quiet: true, Env: []string{fastLink},
				Args: []string{"--json-logging", "--hot-reload=" + mode}})
			r := readCode(s, one.answer(), rolling)
			r.more(10)
			for _, next := range []*code{two, one} {
				old := s.Get("/file")
				next.nested++
				next.saveNested()
				r.expect(next.answer(), func() { link(next) })
				if mode == "none" {
					// Workers of the release before answer on, with files too.
					if got := s.Get("/file"); got != old {
						t.Errorf("the file holds %q, want %q", got, old)
					}
					if output, status := s.Run("restart"); status != 0 {
						s.Fatalf("restart: %s", output)
					}
				}
				r.await()
				for _, pid := range s.WorkerPIDs() {
					dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
					if err == nil && dir != next.dir {
						t.Errorf("process %d runs in %s", pid, dir)
					}
				}
			}
			r.stop()
		})
	}
}

// An app in a crash loop recovers when its file is corrected, in every mode but
// none and without a request that notices.
func TestCrashLoopRecovers(t *testing.T) {
	for _, mode := range []string{"module", "process"} {
		t.Run(mode, func(t *testing.T) {
			c := newCode(t)
			c.die()
			c.age()
			s := driver.Start(t, driver.Options{App: c.dir, Workers: 2, Quiet: true, Pending: true, Env: []string{fastLink},
				Args: []string{"--json-logging", "--hot-reload=" + mode}})
			s.Eventually("both workers wait", func() error {
				if n := count(s, "worker waits before it starts again"); n < 4 {
					return fmt.Errorf("%d times", n)
				}
				return nil
			})
			c.saveMain()
			s.AwaitHealthy()
			if got := s.Get("/"); got != c.answer() {
				t.Errorf("it answers %q, want %q", got, c.answer())
			}
			if last := s.FullStatus().LastError; last != "" {
				t.Errorf("the last error is still %q", last)
			}
		})
	}
}

// In a crash loop a browser is shown why, and the request that notices the
// correction waits for it.
func TestCrashLoopWhileDeveloping(t *testing.T) {
	c := newCode(t)
	c.die()
	c.age()
	s := driver.Start(t, driver.Options{App: c.dir, Workers: 2, Quiet: true, Pending: true, Env: []string{fastLink},
		Args: []string{"--json-logging"}})
	shownWhy(s, "no database")
	c.die() // once more: files are looked at from now on
	s.Eventually("the change is noticed", func() error {
		if count(s, "restart failed") == 0 {
			return errors.New("it is not")
		}
		return nil
	})
	if a, err := s.Ask("GET", "/"); err != nil || a.Status != 503 {
		t.Errorf("status %d, %v, want 503", a.Status, err)
	}
	c.saveMain()
	untilLook(s)
	if got := s.Get("/"); got != c.answer() {
		t.Errorf("it answers %q, want %q", got, c.answer())
	}
}

// shownWhy waits until a server that has just been started shows a browser a page
// with these texts, as no worker can start.
func shownWhy(s *driver.Server, texts ...string) {
	s.Eventually("a browser is shown why", func() error {
		if s.URL = address.FindString(strings.Join(s.LogLines("listening"), "")); s.URL == "" {
			return errors.New("it does not listen yet")
		}
		a, err := s.Do(&driver.Request{Target: "/", Fields: []string{"Accept: text/html"}})
		for _, text := range texts {
			if err == nil && (a.Status != 500 || !strings.Contains(string(a.Body), text)) {
				err = fmt.Errorf("status %d %s", a.Status, a.Body)
			}
		}
		return err
	})
}

// untilLook returns when the next request has the files looked at.
func untilLook(s *driver.Server) {
	for saved := time.Now(); time.Since(saved) < reload.Interval; {
		if _, err := s.Ask("GET", "/server"); err != nil {
			s.Fatalf("%v", err)
		}
	}
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// count returns how often something was logged.
func count(s *driver.Server, event string) int {
	return len(s.LogLines(fmt.Sprintf(`"event":%q`, event)))
}
