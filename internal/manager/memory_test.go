package manager

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

const mib = 1 << 20

func needsMemory(t *testing.T) {
	t.Helper()
	if _, ok := resident(0); !ok {
		t.Skip("the memory of another process cannot be seen here")
	}
}

func TestResident(t *testing.T) {
	needsMemory(t)
	keep("100")
	if n, _ := resident(os.Getpid()); n < 100*mib || n > 10_000*mib {
		t.Errorf("%d bytes", n)
	}
	kept = nil
}

// A worker that became too large serves on until another one can.
func TestLargeWorkerIsRecycled(t *testing.T) {
	needsMemory(t)
	a := newApp(t, 2, "good", func(c *Config) { c.MaxMemory = 200 * mib }).serve()
	before := a.started()
	a.want("keep 300", "good ")
	stop := make(chan struct{})
	watched := make(chan struct{})
	short := false
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			default:
				short = short || len(a.ready()) < 2
			}
		}
	}()
	a.until("it is recycled while others work", func() bool {
		a.load(4, 100)
		return len(a.lines(`msg="worker recycled"`, "of memory, 200.0 MiB are allowed")) > 0
	})
	close(stop)
	<-watched
	if short {
		t.Error("fewer than 2 workers were ready at some time")
	}
	a.logged(1, `msg="worker stopped"`)
	if now := a.started(); len(now) != len(before)+1 {
		t.Errorf("started %v, before it %v", now, before)
	}
}

// It keeps the request that it runs when its replacement is ready.
func TestLargeWorkerFinishesItsRequest(t *testing.T) {
	needsMemory(t)
	file := t.TempDir() + "/go"
	a := newApp(t, 1, "good", func(c *Config) { c.MaxMemory = 200 * mib }).serve()
	slow := a.ask("keep 300 " + file)
	old := a.taken(slow.x.Label).PID
	a.logged(1, `msg="worker recycled"`)
	a.want("pid", "good ")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := a.answer(slow); err != nil || !strings.HasPrefix(got, "good ") {
		t.Errorf("process %d answered %q, %v", old, got, err)
	}
}

func TestHugeWorkerIsKilled(t *testing.T) {
	needsMemory(t)
	a := newApp(t, 1, "good", func(c *Config) { c.MaxMemoryHard = 200 * mib }).serve()
	if got, err := a.answer(a.ask("keep 300 /nowhere/never")); !errors.Is(err, sharedsocket.ErrDied) {
		t.Errorf("answered %q, %v", got, err)
	}
	a.logged(1, `msg="worker crashed"`, "of memory, 200.0 MiB are allowed")
	a.want("pid", "good ")
}

// Where every worker is too large from the start, recycling would never end.
func TestAppThatIsTooLargeIsNotRecycled(t *testing.T) {
	needsMemory(t)
	a := newApp(t, 2, "large 300", func(c *Config) { c.MaxMemory = 200 * mib }).serve()
	a.load(4, 400)
	a.logged(2, "needs more memory to start")
	// One of them may have answered everything before the other one got a processor.
	a.until("who answered was looked at since", func() bool {
		looked := make(chan bool)
		a.box.put(func(l *loop) {
			some := false
			for w := range l.workers {
				some = some || w.weight.done > 0
			}
			looked <- some
		})
		return <-looked
	})
	if n := len(a.started()); n != 2 {
		t.Errorf("%d workers were started", n)
	}
}
