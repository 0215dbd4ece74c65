package manager

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// swap swaps the code while the queue is held, as the server does.
func (a *app) swap(code string) (progress []string, err error) {
	a.t.Helper()
	a.code.Store(&code)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	a.socket.Hold()
	defer a.socket.Release()
	err = a.Swap(ctx, func(line string) { progress = append(progress, line) })
	return progress, err
}

// latch returns a file that workers wait for, and what makes it.
func latch(t *testing.T) (file string, give func()) {
	file = filepath.Join(t.TempDir(), "latch")
	return file, func() {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Error(err)
		}
	}
}

func TestSwap(t *testing.T) {
	a := newApp(t, 4, "old").serve()
	end, give := latch(t)
	long := a.ask("until " + end)
	busy := a.taken("until " + end)
	progress, err := a.swap("new")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(progress); n < 6 || !strings.HasPrefix(progress[n-1], "restarted 4 workers in ") {
		t.Errorf("progress %q", progress)
	}
	for who := range a.load(8, 400) {
		if !strings.HasPrefix(who, "new ") {
			t.Errorf("answered by %q after the swap", who)
		}
	}
	for _, w := range a.Workers() {
		switch {
		case w.PID == busy.PID:
			if w.State != Draining || !w.Busy {
				t.Errorf("the worker of the request in flight is %+v", w)
			}
		case w.Generation == 2 && w.State != Ready:
			t.Errorf("worker %+v after the swap", w)
		}
	}
	give()
	if got, err := a.answer(long); err != nil || !strings.HasPrefix(got, "old ") {
		t.Errorf("the request in flight was answered %q, %v", got, err)
	}
	a.until("the old code is released", func() bool { return a.released.Load() == 1 })
	if list := a.Workers(); len(list) != 4 {
		t.Errorf("workers %+v, want four", list)
	}
}

// All new workers start at once, and no old one goes before the last of them
// is ready.
func TestSwapIsOneStep(t *testing.T) {
	a := newApp(t, 4, "old").serve()
	before := a.Workers()
	begin, give := latch(t)
	done := make(chan error, 1)
	go func() {
		_, err := a.swap("when " + begin)
		done <- err
	}()
	a.logged(4, `msg="worker started"`, "generation=2")
	old := 0
	for _, w := range a.Workers() {
		if w.Generation == 1 && w.State == Ready {
			old++
		}
	}
	if old != len(before) {
		t.Errorf("%d old workers are ready, want %d", old, len(before))
	}
	give()
	if err := <-done; err != nil {
		t.Error(err)
	}
	lastReady, firstGone := 0, 0
	for i, line := range a.lines("") {
		switch {
		case strings.Contains(line, `msg="worker ready"`):
			lastReady = i
		case firstGone == 0 && strings.Contains(line, `msg="worker stopped"`):
			firstGone = i
		}
	}
	if firstGone != 0 && firstGone < lastReady {
		t.Error("an old worker was gone before all new ones were ready")
	}
	a.want("pid", "when ")
}

func TestSwapOfTheSameCode(t *testing.T) {
	a := newApp(t, 2, "good").serve()
	before := a.Workers()
	progress, err := a.swap("good")
	if err != nil {
		t.Error(err)
	}
	if n := len(progress); n == 0 || progress[n-1] != "the code is the same as before" {
		t.Errorf("progress %q", progress)
	}
	same(a, before)
	if n := a.released.Load(); n != 1 {
		t.Errorf("%d versions were released, want the one that was not needed", n)
	}
}

func TestSwapUnderLoad(t *testing.T) {
	for name, limit := range map[string]int{"for good": 0, "with recycling": 7} {
		t.Run(name, func(t *testing.T) {
			a := newApp(t, 3, "good 0", func(c *Config) { c.MaxRequests = limit }).serve()
			stop := a.steady(8)
			for _, code := range []string{"one", "two", "error it does not compile", "exit", "three"} {
				_, err := a.swap(code)
				switch {
				case code == "exit" || strings.HasPrefix(code, "error "):
					if err == nil {
						t.Errorf("no error from %q", code)
					}
				case err != nil:
					t.Error(err)
				default:
					a.want("pid", code+" ")
				}
			}
			stop()
		})
	}
}

func TestSwapWithCodeThatDoesNotBuild(t *testing.T) {
	a := newApp(t, 2, "old").serve()
	before := a.Workers()
	if _, err := a.swap("error it does not compile"); err == nil || err.Error() != "it does not compile" {
		t.Errorf("error %v", err)
	}
	same(a, before)
	a.want("pid", "old ")
}

func TestSwapWithCodeThatDoesNotStart(t *testing.T) {
	a := newApp(t, 4, "old").serve()
	before := a.Workers()
	// The second time it is the very same code, and tried again: what it
	// lacked may be there by now.
	for range 2 {
		_, err := a.swap("exit")
		var failed *StartError
		if !errors.As(err, &failed) || !strings.Contains(failed.Output, "no database") {
			t.Errorf("error %v, want that of the worker", err)
		}
		a.want("pid", "old ")
		a.until("the new workers are gone", func() bool { return len(a.Workers()) == 4 })
		same(a, before)
	}
	if _, err := a.swap("new"); err != nil {
		t.Error(err)
	}
	a.want("pid", "new ")
}

// Nobody waits to see whether new workers stay alive, so code that dies once it
// is ready may take the place of the old. Better code ends that.
func TestSwapWithCodeThatDiesOnceReady(t *testing.T) {
	a := newApp(t, 4, "old").serve()
	if _, err := a.swap("die-ready"); err != nil {
		a.want("pid", "old ")
	}
	if _, err := a.swap("new"); err != nil {
		t.Error(err)
	}
	a.want("pid", "new ")
}

// A failed swap does not make requests wait for a new worker that takes its
// time to go.
func TestSwapThatFailedDoesNotWaitForProcesses(t *testing.T) {
	a := newApp(t, 2, "old")
	a.timing.term = time.Hour
	a.serve()
	fail, give := latch(t)
	done := make(chan error, 1)
	go func() {
		_, err := a.swap("one-deaf " + fail)
		done <- err
	}()
	a.logged(2, `msg="worker ready"`, "worker=1 ")
	give()
	var failed *StartError
	if err := <-done; !errors.As(err, &failed) || failed.Worker != 2 {
		t.Errorf("error %v, want that of worker 2", err)
	}
	a.want("pid", "old ")
	var deaf Worker
	for _, w := range a.Workers() {
		if w.Generation == 2 {
			deaf = w
		}
	}
	if deaf.State != Draining {
		t.Errorf("the deaf worker is %+v", deaf)
	}
	_ = syscall.Kill(deaf.PID, syscall.SIGKILL)
}

func TestSwapOfACrashLoop(t *testing.T) {
	for _, code := range []string{"exit", "die-ready"} {
		t.Run(code, func(t *testing.T) {
			a := newApp(t, 4, code)
			a.timing.first, a.timing.most = time.Hour, time.Hour
			a.start()
			a.logged(4, "waits before it starts")
			a.until("it is known to fail", a.Failing)
			if _, err := a.swap("new"); err != nil {
				t.Error(err)
			}
			if n := len(a.ready()); n != 4 {
				t.Errorf("%d workers are ready, want 4", n)
			}
			if a.Failing() {
				t.Error("it is still said to fail")
			}
			a.want("pid", "new ")
		})
	}
}
