package manager

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

func crashes(to chan<- Crash) func(*Config) {
	return func(c *Config) { c.Crashed = func(crash Crash) { to <- crash } }
}

func (a *app) crash(from <-chan Crash) Crash {
	a.t.Helper()
	select {
	case c := <-from:
		return c
	case <-time.After(patience):
		a.fatal("no crash was told")
		return Crash{}
	}
}

func TestCrashIsTold(t *testing.T) {
	told := make(chan Crash, 10)
	a := newApp(t, 1, "good", crashes(told)).serve()
	a.want("print 3", "good ")
	if _, err := a.answer(a.ask("die a bug")); !errors.Is(err, sharedsocket.ErrDied) {
		t.Errorf("ended with %v", err)
	}
	c := a.crash(told)
	if c.Worker != 1 || c.PID != a.started()[0] || c.Generation != 1 || c.Request != "die a bug" || c.Hung || c.Requests != 1 {
		t.Errorf("told %+v", c)
	}
	if c.How != "exit status 5" || c.Status != 5 || c.Signal != "" || c.Printed != "panic: dying of a bug" {
		t.Errorf("told %+v", c)
	}
	// Standard output and standard error are two pipes: between them there is no order.
	output := slices.Sorted(strings.Lines(string(c.Output)))
	if want := []string{"line 0\n", "line 1\n", "line 2\n", "panic: dying of a bug\n"}; !slices.Equal(output, want) || c.Stacks != nil {
		t.Errorf("output %q, stacks %q", output, c.Stacks)
	}

	busy := a.ask("spin")
	victim := a.taken("spin")
	a.until("it spends CPU time", func() bool { return spent(victim.PID) > 200*time.Millisecond })
	if err := syscall.Kill(victim.PID, syscall.SIGSEGV); err != nil {
		t.Fatal(err)
	}
	_, _ = a.answer(busy)
	c = a.crash(told)
	if c.Signal != "" && c.Signal != "SIGSEGV" || c.PID != victim.PID || !strings.Contains(string(c.Output), "SIGSEGV") {
		t.Errorf("told %+v", c)
	}
	if c.CPU < 100*time.Millisecond || c.CPU > patience {
		t.Errorf("it cost %v", c.CPU)
	}
}

func TestHangIsTold(t *testing.T) {
	told := make(chan Crash, 10)
	a := newApp(t, 1, "good", crashes(told)).serve()
	hang := a.ask("hang")
	a.taken("hang")
	a.giveUpOn("hang")
	_, _ = a.answer(hang)
	c := a.crash(told)
	if !c.Hung || c.How != "hung" || c.Request != "hang" || c.Status != 2 {
		t.Errorf("told %+v", c)
	}
	if !strings.Contains(string(c.Stacks), "manager.serve") || len(c.Output) > 0 {
		t.Errorf("output %q, stacks %q", c.Output, c.Stacks)
	}
}

// Whoever is idle, or was told to go and killed because it took too long, has
// not died of a request.
func TestOtherDeathsAreNoCrashes(t *testing.T) {
	told := make(chan Crash, 10)
	a := newApp(t, 2, "good", crashes(told), func(c *Config) { c.DrainTimeout = 20 * time.Millisecond }).serve()
	if err := syscall.Kill(a.ready()[0].PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	a.logged(1, `msg="worker crashed"`)
	a.until("both are ready", func() bool { return len(a.ready()) == 2 })
	slow := a.ask("hang")
	a.taken("hang")
	if err := a.Restart(context.Background(), nil); err != nil {
		t.Error(err)
	}
	_, _ = a.answer(slow)
	a.logged(1, `msg="worker stopped"`, "drain timeout")
	select {
	case c := <-told:
		t.Errorf("told %+v", c)
	default:
	}
}
