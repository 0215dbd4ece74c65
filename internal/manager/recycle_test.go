package manager

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// load sends requests with as many clients as that and returns how many each
// process ran.
func (a *app) load(clients, requests int) map[string]int {
	a.t.Helper()
	var mu sync.Mutex
	ran := make(map[string]int)
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for range requests / clients {
				who, err := a.answer(a.ask("pid"))
				if err != nil {
					a.t.Error(err)
					return
				}
				mu.Lock()
				ran[who]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return ran
}

func TestRecycle(t *testing.T) {
	const limit = 50
	a := newApp(t, 4, "good", func(c *Config) { c.MaxRequests = limit }).serve()
	short := true // the pool is watched while it works
	watched := make(chan struct{})
	stop := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
			n := 0
			for _, w := range a.Workers() {
				if w.State == Ready || w.State == Draining {
					n++
				}
			}
			short = short && n >= 4
		}
	}()
	ran := a.load(8, 4000)
	close(stop)
	<-watched
	if !short {
		t.Error("fewer than 4 workers were ready or spent at some time")
	}
	full := 0
	for who, n := range ran {
		if n > limit {
			t.Errorf("%q ran %d requests", who, n)
		}
		if n == limit {
			full++
		}
	}
	// The first of a slot may be shorter, and at the end there may be two.
	if partial := len(ran) - full; partial > 4+2*4 {
		t.Errorf("%d of %d workers did not run exactly %d", partial, len(ran), limit)
	}
	if got := a.lines("waits before it starts"); len(got) != 0 {
		t.Errorf("recycling went through the backoff: %q", got)
	}
}

func TestRecycleWithoutPrediction(t *testing.T) {
	a := newApp(t, 1, "good", func(c *Config) { c.MaxRequests = 1 }).serve()
	seen := make(map[string]bool)
	for range 10 {
		who, err := a.answer(a.ask("pid"))
		if err != nil || seen[who] {
			t.Errorf("answered by %q, %v", who, err)
		}
		seen[who] = true
	}
	a.logged(5, `msg="worker recycled"`, `why="1 requests"`, "requests=1")
}

func TestSpentWorkerStaysWhileItsReplacementFails(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken")
	a := newApp(t, 1, "exit-if "+broken, func(c *Config) { c.MaxRequests = 3 }).serve()
	if err := os.WriteFile(broken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		a.want("pid", "exit-if ")
	}
	a.logged(2, `msg="worker did not start"`)
	list := a.Workers()
	if w := list[0]; w.State != Draining || w.Reason != "3 requests" || w.Requests != 3 {
		t.Errorf("worker %+v", w)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	a.logged(1, `msg="worker recycled"`)
	a.want("pid", "exit-if ")
}
