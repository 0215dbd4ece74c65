//go:build linux

package worker

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/rip-server/rip-server/internal/wire"
)

// envFresh names a file that holds what Reload finds: nothing, "good", or an
// error. It is removed then.
const envFresh = "WORKER_TEST_FRESH"

// testApp is the handler of the tests, with Reload and After when they are
// asked for.
func testApp() App {
	a := App{Handler: testHandler()}
	if file := os.Getenv(envFresh); file != "" {
		a.Reload = func() (bool, error) {
			text, err := os.ReadFile(file)
			if err != nil {
				return false, nil
			}
			os.Remove(file)
			if string(text) != "good" {
				return false, errors.New(string(text))
			}
			return true, nil
		}
		a.After = func() {
			fmt.Fprintln(os.Stderr, "after the reply")
			if _, err := os.Stat(file + ".panic"); err == nil {
				panic("in After")
			}
		}
	}
	return a
}

func TestAppReloads(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		file := t.TempDir() + "/fresh"
		h := s.hire(envFresh+"="+file, wire.EnvHotReload+"=module", wire.EnvMaxReloads+"=2")
		request := func() { s.submit("GET", "/ping").answer(h).want(t, 200, "pong") }
		save := func(text string) { check(t, os.WriteFile(file, []byte(text), 0o600)) }

		request()
		save("app.x:3: no good")
		c := s.submit("GET", "/ping")
		if r := h.next(); r.Type != wire.TypeReloaded || string(r.Body) != "app.x:3: no good" {
			t.Fatalf("type %d, %q", r.Type, r.Body)
		}
		c.answer(h).want(t, 200, "pong")
		if n := wire.Load(h.row, wire.RowReloads); n != 0 {
			t.Errorf("%d reloads", n)
		}
		for i := range uint64(2) {
			save("good")
			c := s.submit("GET", "/ping")
			if r := h.next(); r.Type != wire.TypeReloaded || len(r.Body) > 0 {
				t.Fatalf("type %d, %q", r.Type, r.Body)
			}
			if n, code := wire.Load(h.row, wire.RowReloads), wire.Load(h.row, wire.RowCode); n != i+1 || code != i+2 {
				t.Errorf("%d reloads, code %d", n, code)
			}
			a := c.answer(h)
			a.want(t, 200, "pong")
			if spent := a.spent || s.stream && i == 1 && h.next().Flags&wire.FlagSpent != 0; spent != (i == 1) {
				t.Errorf("spent is %t after %d reloads", spent, i+1)
			}
		}
	})
}

func TestAppDoesNotReload(t *testing.T) {
	s := newServer(t, false)
	file := t.TempDir() + "/fresh"
	check(t, os.WriteFile(file, []byte("good"), 0o600))
	h := s.hire(envFresh+"="+file, wire.EnvHotReload+"=process")
	s.submit("GET", "/ping").answer(h).want(t, 200, "pong")
	if _, err := os.Stat(file); err != nil {
		t.Error("it looked")
	}
}

// The claim lasts until After has returned, whatever it does.
func TestAppAfter(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		file := t.TempDir() + "/fresh"
		check(t, os.WriteFile(file+".panic", nil, 0o600))
		h := s.hire(envFresh + "=" + file)
		s.submit("GET", "/ping").answer(h).want(t, 200, "pong")
		eventually(t, "After runs", func() bool { return h.said("after the reply\n") })
		eventually(t, "its panic is told", func() bool { return h.said("panic after a request: in After") })
		eventually(t, "the claim ends", func() bool { return h.claimed() == 0 && h.done() == 1 })
		s.submit("GET", "/ping").answer(h).want(t, 200, "pong")
	})
}
