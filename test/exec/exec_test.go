package exec

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// startExec starts a server with test/adopter as the program, in a folder of its
// own that holds nothing.
func startExec(t *testing.T, flags string, args ...string) *driver.Server {
	t.Helper()
	return driver.Start(t, driver.Options{
		App:  t.TempDir(),
		Args: append([]string{strings.TrimSpace("--exec=" + driver.Program(t, "test/adopter") + " " + flags), driver.Still}, args...),
	})
}

// isolation returns what the server says of it.
func isolation(t *testing.T, s *driver.Server) string {
	t.Helper()
	out, status := s.Run("status", "--json")
	var answer struct{ Kind, Socket, Isolation string }
	if err := json.Unmarshal([]byte(out), &answer); err != nil || status != 0 {
		s.Fatalf("status: %d, %v, %s", status, err, out)
	}
	if answer.Kind != "exec" || answer.Socket != "stream" {
		t.Errorf("kind %q, socket %q", answer.Kind, answer.Socket)
	}
	return answer.Isolation
}

// A program that adopts the socket serves every kind of load, one request at a
// time, and gets no variable and no field that is for workers.
func TestExecServes(t *testing.T) {
	s := startExec(t, "")
	load := s.Load(driver.Mixed(8))
	s.Eventually("there is load", func() error { return load.AtLeast(400) })
	s.Judge(load.Stop())
	e := s.Echo(&driver.Request{Target: "/x", Fields: []string{"Rip-Request: 1 1 1", "Rip-Any: 1", "Keep: this", "Connection: keep-alive"}})
	for name, values := range e.Headers {
		if strings.HasPrefix(name, "Rip-") {
			t.Errorf("the program got %s: %q", name, values)
		}
	}
	if got := e.Values("Connection"); !slices.Equal(got, []string{"close"}) {
		t.Errorf("Connection %q", got)
	}
	if got := e.Values("Keep"); !slices.Equal(got, []string{"this"}) {
		t.Errorf("Keep %q", got)
	}
	for line := range strings.Lines(s.Get("/env")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "RIP_PROTOCOL", "RIP_SOCKET", "RIP_LEAVE", "RIP_SLOTS", "RIP_MAX_REQUESTS", "RIP_HOT_RELOAD":
			t.Errorf("the program has %s=%s", name, value)
		case "RIP_APP_DIR", "PWD":
			if value != s.App() {
				t.Errorf("%s=%s", name, value)
			}
		}
	}
	if a, err := s.Ask("GET", "/shout"); err != nil || a.Status != 200 || a.Header.Get("Rip-Stats") != "" {
		t.Errorf("%v, %+v", err, a)
	}
	if got := isolation(t, s); got != "unknown" {
		t.Errorf("isolation %q", got)
	}
	s.Settled()
}

// Answers without a length, answers before the body was read, and bodies that
// are sent back while they still arrive.
func TestExecAnswers(t *testing.T) {
	s := startExec(t, "", "--request-timeout=10s")
	if got := s.Get("/unframed"); got != "the whole" {
		t.Errorf("got %q", got)
	}
	body := driver.Noise(3<<20, 1)
	if a, err := s.Do(&driver.Request{Method: "POST", Target: "/early", Body: body}); err != nil || a.Status != 413 || string(a.Body) != "full" {
		t.Errorf("early: %v, %+v", err, a)
	}
	if a, err := s.Do(&driver.Request{Method: "POST", Target: "/mirror", Body: body}); err != nil || a.Status != 200 || string(a.Body) != string(body) {
		t.Errorf("mirror: %v", err)
	}
	if a, err := s.Ask("GET", "/half"); err == nil {
		t.Errorf("half an answer passed for a whole one: %d %q", a.Status, a.Body)
	}
	if a, err := s.Ask("GET", "/close"); err != nil || a.Status != 502 || a.Header.Get("Proxy-Status") == "" {
		t.Errorf("close: %v, %+v", err, a)
	}
	s.Settled()
}

// A program that never says that it is ready counts as ready after a while.
func TestExecSilent(t *testing.T) {
	s := startExec(t, "-silent")
	s.Judge(s.Load(driver.Plain(4, 100)).Wait())
	s.Settled()
}

// Once a program of the app has said that it is ready, others are waited for
// until they say so: a restart leaves the old ones alone until then.
func TestExecReady(t *testing.T) {
	s := startExec(t, "")
	old := s.WorkerPIDs()
	gate := filepath.Join(s.App(), "gate")
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	load := s.Load(driver.Plain(4, 0))
	restarted := make(chan string, 1)
	go func() {
		out, status := s.Run("restart")
		restarted <- fmt.Sprintf("%d %s", status, out)
	}()
	s.Eventually("a new worker runs", func() error {
		if n := len(s.WorkerPIDs()); n <= len(old) {
			return fmt.Errorf("%d processes", n)
		}
		return nil
	})
	before := len(s.LogLines("worker ready"))
	s.Eventually("there is load", func() error { return load.AtLeast(3000) }) // longer than the grace, where that is wrong
	if now := len(s.LogLines("worker ready")); now != before {
		t.Errorf("%d workers got ready behind the gate", now-before)
	}
	if err := os.Remove(gate); err != nil {
		t.Fatal(err)
	}
	if out := <-restarted; !strings.HasPrefix(out, "0 ") {
		t.Errorf("restart: %s", out)
	}
	s.AwaitGone(old...)
	s.Judge(load.Stop())
	s.Settled()
}

// What comes of the socket when a program shuts it down or removes its path.
func TestExecSocketBroken(t *testing.T) {
	s := startExec(t, "")
	s.Get("/unlink")
	s.Judge(s.Load(driver.Plain(4, 100)).Wait())
	for range 2 {
		old := s.WorkerPIDs()
		s.Get("/shutdown")
		s.AwaitGone(old...)
		s.Judge(s.Load(driver.Plain(4, 100)).Wait())
	}
	s.Settled()
}

// The server killed: its programs go too, and the same command starts again.
func TestExecKilledServer(t *testing.T) {
	s := startExec(t, "")
	s.Go("held", "/hang")
	s.AwaitRunning("held")
	programs := s.WorkerPIDs()
	s.Kill()
	s.AwaitGone(programs...)
	s.StartAgain()
	s.Judge(s.Load(driver.Plain(4, 100)).Wait())
	s.Settled()
}
