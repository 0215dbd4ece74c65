package manager

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What a worker reads as it starts has become right: whoever waits starts at
// once, and nobody else notices.
func TestRetry(t *testing.T) {
	wrong := filepath.Join(t.TempDir(), "wrong")
	a := newApp(t, 2, "exit-if "+wrong)
	a.timing.first, a.timing.most, a.timing.served = time.Hour, time.Hour, time.Hour
	a.serve()
	if a.Waiting() {
		t.Error("a slot waits before anything happened")
	}
	write := func() {
		if err := os.WriteFile(wrong, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write()
	if _, err := a.answer(a.ask("die")); err == nil {
		t.Error("a worker that died has answered")
	}
	a.until("a slot waits", a.Waiting)
	other := a.ready()
	a.Retry()
	a.logged(2, "waits before it starts")
	if err := os.Remove(wrong); err != nil {
		t.Fatal(err)
	}
	a.Retry()
	a.until("both are ready", func() bool { return len(a.ready()) == 2 })
	if a.Waiting() {
		t.Error("a slot still waits")
	}
	same := false
	for _, w := range a.ready() {
		same = same || w.PID == other[0].PID
	}
	if !same {
		t.Error("the other worker was replaced")
	}
}

// A start that was under way when the code became right may have read what it was.
func TestRetryDuringAStart(t *testing.T) {
	wrong := filepath.Join(t.TempDir(), "wrong")
	write := func(file string) {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(wrong)
	a := newApp(t, 1, "exit-late-if "+wrong)
	a.timing.first, a.timing.most, a.timing.served = time.Hour, time.Hour, time.Hour
	a.start()
	a.until("it has looked", func() bool {
		_, err := os.Stat(wrong + ".seen")
		return err == nil
	})
	if err := os.Remove(wrong); err != nil {
		t.Fatal(err)
	}
	a.Retry()
	write(wrong + ".go-on")
	a.until("it is ready", func() bool { return len(a.ready()) == 1 })
}
