package manager

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

func TestStart(t *testing.T) {
	a := newApp(t, 3, "good").serve()
	a.want("pid", "good ")
	list := a.Workers()
	if len(list) != 3 {
		t.Fatalf("%d workers, want 3", len(list))
	}
	for i, w := range list {
		if w.Number != i+1 || w.State != Ready || w.PID == 0 || w.Generation != 1 {
			t.Errorf("worker %+v", w)
		}
		title, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", w.PID))
		if want := fmt.Sprintf("rip-server: test worker %d", w.Number); err == nil && !strings.HasPrefix(string(title), want) {
			t.Errorf("title %q, want %q", title, want)
		}
	}
}

func TestStartReturnsTheErrorOfPrepare(t *testing.T) {
	a := newApp(t, 1, "error it does not compile")
	if err := a.Start(context.Background()); err == nil || err.Error() != "it does not compile" {
		t.Errorf("error %v", err)
	}
	if list := a.Workers(); list != nil {
		t.Errorf("workers %v", list)
	}
	if err := a.Restart(context.Background(), nil); !errors.Is(err, ErrStopped) {
		t.Errorf("restart: %v", err)
	}
}

func TestCrashNamesTheRequest(t *testing.T) {
	a := newApp(t, 2, "good").serve()
	if _, err := a.answer(a.ask("die of it")); !errors.Is(err, sharedsocket.ErrDied) {
		t.Errorf("error %v, want %v", err, sharedsocket.ErrDied)
	}
	a.logged(1, `msg="worker crashed"`, `how="exit status 5"`, `request="die of it"`, `printed="panic: dying of of it"`)
	a.until("both are ready again", func() bool { return len(a.ready()) == 2 })
	if got := a.printed("die of it: panic: dying"); len(got) != 1 {
		t.Errorf("printed %q", got)
	}
	a.want("pid", "good ")
}

func TestStableWorkerIsReplacedAtOnce(t *testing.T) {
	a := newApp(t, 1, "good")
	a.timing.stable = 0
	a.serve()
	for i := range 5 {
		_ = syscall.Kill(a.ready()[0].PID, syscall.SIGKILL)
		a.logged(i+1, `msg="worker crashed"`, `how="signal: killed"`)
		a.logged(i+2, `msg="worker ready"`)
	}
	if got := a.lines("waits before it starts"); len(got) != 0 {
		t.Errorf("a stable worker went through the backoff: %q", got)
	}
}

func TestCrashLoop(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(broken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a := newApp(t, 2, "exit-if "+broken)
	a.start()
	early := a.ask("pid") // waits while there is hope
	if _, err := a.answer(early); !errors.Is(err, sharedsocket.ErrNoWorkers) || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error %v, want %v with the exit status", err, sharedsocket.ErrNoWorkers)
	}
	a.logged(12, "waits before it starts")
	var last time.Duration
	for i, line := range a.lines("waits before it starts", "worker=1 ")[:5] {
		_, text, _ := strings.Cut(line, "delay=")
		delay, err := time.ParseDuration(strings.TrimSpace(text))
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && i < 4 && delay <= last {
			t.Errorf("delay %s after %s", delay, last)
		}
		last = delay
	}
	for _, w := range a.Workers() {
		if w.State == Ready || w.LastError != "exit status 3" {
			t.Errorf("worker %+v", w)
		}
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	a.until("it has recovered", func() bool { return len(a.ready()) == 2 })
	a.want("pid", "exit-if ")
}

func TestFailing(t *testing.T) {
	a := newApp(t, 2, "good")
	if a.Failing() {
		t.Error("it fails before it was started")
	}
	a.timing.served = time.Hour
	a.serve()
	_, _ = a.answer(a.ask("die"))
	a.logged(1, "waits before it starts")
	if a.Failing() {
		t.Error("it fails with a worker that is ready")
	}
	_, _ = a.answer(a.ask("die"))
	a.until("it fails", a.Failing)
	if _, err := a.restart("good"); err != nil {
		t.Error(err)
	}
	if a.Failing() {
		t.Error("it fails after a restart")
	}
}

func TestNotReadyInTime(t *testing.T) {
	a := newApp(t, 1, "sleep")
	a.timing.ready = 50 * time.Millisecond
	a.start()
	a.logged(2, `msg="worker did not start"`, `how="not ready within 50ms"`)
}

func TestNoProgram(t *testing.T) {
	a := newApp(t, 1, "good")
	prepare := a.cfg.Prepare
	a.cfg.Prepare = func(ctx context.Context) (Code, error) {
		code, err := prepare(ctx)
		command := code.Command
		code.Command = func(title string) *exec.Cmd {
			cmd := command(title)
			cmd.Path = "/no/such/program"
			return cmd
		}
		return code, err
	}
	a.start()
	a.logged(2, `msg="worker did not start"`, "no such file or directory")
	if _, err := a.answer(a.ask("pid")); !errors.Is(err, sharedsocket.ErrNoWorkers) {
		t.Errorf("error %v, want %v", err, sharedsocket.ErrNoWorkers)
	}
}

func TestHung(t *testing.T) {
	a := newApp(t, 2, "good")
	a.timing.dump = patience // it ends by itself when it has printed all
	a.serve()
	c := a.ask("hang")
	w := a.taken("hang")
	a.giveUpOn("hang")
	if _, err := a.answer(c); !errors.Is(err, sharedsocket.ErrDied) {
		t.Errorf("error %v, want %v", err, sharedsocket.ErrDied)
	}
	a.logged(1, `msg="worker hung"`, "request=hang")
	a.logged(3, `msg="worker ready"`)
	a.logged(1, `msg="worker stopped"`, "how=hung")
	prefix := fmt.Sprintf("%d hang: ", w.Number)
	a.until("the stacks are there", func() bool { return len(a.printed(prefix+"SIGQUIT: quit")) == 1 })
	if got := a.lines("waits before it starts"); len(got) != 0 {
		t.Errorf("a hung worker went through the backoff: %q", got)
	}
}

func TestHungAndStopped(t *testing.T) {
	a := newApp(t, 1, "good").serve()
	c := a.ask("hang")
	w := a.taken("hang")
	_ = syscall.Kill(w.PID, syscall.SIGSTOP)
	a.giveUpOn("hang")
	if _, err := a.answer(c); !errors.Is(err, sharedsocket.ErrDied) {
		t.Errorf("error %v, want %v", err, sharedsocket.ErrDied)
	}
	a.want("pid", "good ")
}

func TestMisbehaved(t *testing.T) {
	a := newApp(t, 1, "good").serve()
	_, _ = a.answer(a.ask("nonsense"))
	a.logged(1, `msg="worker crashed"`, "how=\"it broke the worker protocol: ")
	a.want("pid", "good ")
}

func TestBrokenSocket(t *testing.T) {
	a := newApp(t, 3, "good").serve()
	old := a.started()
	_, _ = a.answer(a.ask("shutdown"))
	a.until("three others are ready", func() bool {
		list := a.ready()
		return len(list) == 3 && !slices.ContainsFunc(list, func(w Worker) bool { return slices.Contains(old, w.PID) })
	})
	a.want("pid", "good ")
}

func TestProcessGroupAndOpenOutput(t *testing.T) {
	a := newApp(t, 1, "child").serve()
	var children []int
	a.until("its children are known", func() bool {
		children = nil
		for _, line := range a.printed("child ") {
			var pid int
			fmt.Sscanf(line[strings.Index(line, "child "):], "child %d", &pid)
			children = append(children, pid)
		}
		return len(children) == 2
	})
	_ = syscall.Kill(a.ready()[0].PID, syscall.SIGKILL)
	a.logged(1, `msg="worker crashed"`) // although a child holds its output open
	a.until("the child in its group is dead", func() bool { return dead(children[0]) })
}

func TestOutput(t *testing.T) {
	a := newApp(t, 1, "good").serve()
	a.want("print 1000", "good ")
	a.until("all lines are there", func() bool { return len(a.printed(": line ")) == 1000 })
	for i, line := range a.printed(": line ") {
		if !strings.HasPrefix(line, "1 ") || !strings.HasSuffix(line, fmt.Sprintf(": line %d", i)) {
			t.Fatalf("line %d is %q", i, line)
		}
	}
}
