package manager

import (
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func (a *app) restart(code string) (progress []string, err error) {
	a.t.Helper()
	a.code.Store(&code)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err = a.Restart(ctx, func(line string) { progress = append(progress, line) })
	return progress, err
}

func TestRestart(t *testing.T) {
	a := newApp(t, 4, "old").serve()
	old := a.started()
	long := a.ask("sleep 300")
	a.taken("sleep 300")
	progress, err := a.restart("new")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := a.answer(long); err != nil || !strings.HasPrefix(got, "old ") {
		t.Errorf("the request in flight was answered %q, %v", got, err)
	}
	for who := range a.load(8, 400) {
		if !strings.HasPrefix(who, "new ") {
			t.Errorf("answered by %q after the restart", who)
		}
	}
	list := a.Workers()
	if len(list) != 4 {
		t.Errorf("%d workers, want 4", len(list))
	}
	for _, w := range list {
		if w.Generation != 2 || w.State != Ready || slices.Contains(old, w.PID) {
			t.Errorf("worker %+v", w)
		}
	}
	if n := len(progress); n < 3 || !strings.HasPrefix(progress[n-1], "restarted 4 workers in ") {
		t.Errorf("progress %q", progress)
	}
}

// Between two replacements there is a rest, so that requests have the processors.
func TestRestartRests(t *testing.T) {
	const workers, rest = 8, 100 * time.Millisecond // restTimes starts would be more
	a := newApp(t, workers, "good").serve()
	began := time.Now()
	if _, err := a.restart("slow 60"); err != nil {
		t.Fatal(err)
	}
	// The first two, whose proof is awaited, start together.
	if took := time.Since(began); took < (workers-2)*rest {
		t.Errorf("%d workers were replaced within %v", workers, took)
	}
}

func TestRestartUnderLoad(t *testing.T) {
	a := newApp(t, 4, "good").serve()
	stop := a.steady(8)
	for range 5 {
		if _, err := a.restart("good"); err != nil {
			t.Error(err)
		}
	}
	stop()
}

// A new worker that has run all the requests it may before its proof is over has
// proved its code.
func TestRestartOfShortLives(t *testing.T) {
	a := newApp(t, 1, "old", func(c *Config) { c.MaxRequests = 1 })
	a.timing.proof = 200 * time.Millisecond
	a.serve()
	stop := a.steady(1)
	if _, err := a.restart("new"); err != nil {
		t.Error(err)
	}
	stop()
}

func TestRestartWithCodeThatDoesNotBuild(t *testing.T) {
	a := newApp(t, 2, "old").serve()
	if _, err := a.restart("error it does not compile"); err == nil || err.Error() != "it does not compile" {
		t.Errorf("error %v", err)
	}
	if n := len(a.started()); n != 2 {
		t.Errorf("%d processes were started, want 2", n)
	}
}

func TestRestartWithCodeThatDoesNotStart(t *testing.T) {
	a := newApp(t, 4, "old").serve()
	before := a.Workers()
	_, err := a.restart("exit")
	var failed *StartError
	if !errors.As(err, &failed) || failed.How != "exit status 3" || !strings.Contains(failed.Output, "no database") {
		t.Errorf("error %v, want that of the worker", err)
	}
	same(a, before)
	a.want("pid", "old ")

	// And what was broken can be repaired.
	if _, err := a.restart("new"); err != nil {
		t.Error(err)
	}
	a.want("pid", "new ")
}

func TestRestartWithCodeThatDiesOnceReady(t *testing.T) {
	a := newApp(t, 4, "old").serve()
	before := a.Workers()
	_, err := a.restart("die-ready")
	var failed *StartError
	if !errors.As(err, &failed) || failed.How != "exit status 4" {
		t.Errorf("error %v, want that of the worker", err)
	}
	same(a, before)
}

// A death that is told after the proof is over is known all the same.
func TestRestartWithCodeWhoseDeathIsToldLate(t *testing.T) {
	a := newApp(t, 2, "old").serve()
	before := a.Workers()
	_, err := a.restart("die-ready 2")
	var failed *StartError
	if !errors.As(err, &failed) || failed.How != "exit status 4" {
		t.Errorf("error %v, want that of the worker", err)
	}
	same(a, before)
}

func TestRestartWithCodeThatIsNeverReady(t *testing.T) {
	a := newApp(t, 2, "old")
	a.timing.ready = 500 * time.Millisecond
	a.serve()
	before := a.Workers()
	_, err := a.restart("sleep")
	if err == nil || !strings.Contains(err.Error(), "not ready within 500ms") {
		t.Errorf("error %v", err)
	}
	same(a, before)
}

// same checks that the workers are still the same processes.
func same(a *app, before []Worker) {
	a.t.Helper()
	after := a.Workers()
	if len(after) != len(before) {
		a.t.Fatalf("workers %+v, want %+v", after, before)
	}
	for i := range after {
		if after[i].PID != before[i].PID || after[i].State != Ready || after[i].Generation != before[i].Generation {
			a.t.Errorf("worker %+v, want %+v", after[i], before[i])
		}
	}
}

func TestRestartGoesBack(t *testing.T) {
	a := newApp(t, 4, "old").serve()
	// The new code starts in the first place and in no other.
	code := "new"
	a.code.Store(&code)
	done := make(chan error, 1)
	prepare := a.cfg.Prepare
	a.cfg.Prepare = func(ctx context.Context) (Code, error) {
		c, err := prepare(ctx)
		good := c.Command
		starts := 0
		c.Command = func(title string) *exec.Cmd {
			cmd := good(title)
			if starts++; starts > 1 {
				cmd.Args[1] = "exit"
			}
			return cmd
		}
		return c, err
	}
	go func() { done <- a.Restart(context.Background(), nil) }()
	var failed *StartError
	if err := <-done; !errors.As(err, &failed) {
		t.Errorf("error %v, want a *StartError", err)
	}
	list := a.Workers()
	for _, w := range list {
		if w.Generation != 1 || w.State != Ready {
			t.Errorf("worker %+v after going back", w)
		}
	}
	if len(list) != 4 {
		t.Errorf("%d workers, want 4", len(list))
	}
}

func TestRestartOfACrashLoop(t *testing.T) {
	a := newApp(t, 4, "exit")
	a.timing.first, a.timing.most = time.Hour, time.Hour
	a.start()
	a.logged(4, "waits before it starts")
	if _, err := a.restart("die-ready"); err == nil {
		t.Error("no error from code that does not start either")
	}
	if _, err := a.restart("new"); err != nil {
		t.Error(err)
	}
	if n := len(a.ready()); n != 4 {
		t.Errorf("%d workers are ready, want 4", n)
	}
	a.want("pid", "new ")
}

func TestRestartsAreCoalesced(t *testing.T) {
	a := newApp(t, 2, "good").serve()
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if err := a.Restart(context.Background(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := a.prepared.Load(); n < 2 || n > 4 {
		t.Errorf("the code was prepared %d times for a start and ten restarts", n)
	}
}

func TestCrashDuringRestart(t *testing.T) {
	a := newApp(t, 2, "old").serve()
	code := "slow 200"
	a.code.Store(&code)
	done := make(chan error, 1)
	go func() { done <- a.Restart(context.Background(), nil) }()
	a.logged(1, `msg="worker started"`, "generation=2")
	_, _ = a.answer(a.ask("die"))
	_, _ = a.answer(a.ask("die"))
	if err := <-done; err != nil {
		t.Error(err)
	}
	if list := a.ready(); len(list) != 2 || list[0].Generation != 2 || list[1].Generation != 2 {
		t.Errorf("workers %+v", list)
	}
}
