package manager

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
)

func TestSwapsAreCoalesced(t *testing.T) {
	a := newApp(t, 2, "good").serve()
	code := "new"
	a.code.Store(&code)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if err := a.Swap(context.Background(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := a.prepared.Load(); n < 2 || n > 4 {
		t.Errorf("the code was prepared %d times for a start and ten swaps", n)
	}
}

// Of those that wait for a restart under way, swaps come first.
func TestSwapAndRestart(t *testing.T) {
	a := newApp(t, 2, "old").serve()
	begin, give := latch(t)
	code := "when " + begin
	a.code.Store(&code)
	var all sync.WaitGroup
	call := func(f func(context.Context, func(string)) error, waiting int) {
		all.Go(func() {
			if err := f(context.Background(), nil); err != nil {
				t.Error(err)
			}
		})
		a.until("the call has come", func() bool {
			return ask(a.Manager, func(l *loop) bool { return l.roll != nil && len(l.waiting) == waiting })
		})
	}
	call(a.Restart, 0)
	call(a.Restart, 1)
	call(a.Swap, 2)
	give()
	all.Wait()
	began := a.lines(`msg="restart began"`)
	for i, want := range []string{"swap=false", "swap=true", "swap=false"} {
		if i >= len(began) || !strings.Contains(began[i], want) {
			t.Errorf("began %q, want the swap before the second restart", began)
		}
	}
}

func TestStopDuringSwap(t *testing.T) {
	a := newApp(t, 2, "old").serve()
	begin, give := latch(t)
	defer give()
	done := make(chan error, 1)
	go func() {
		_, err := a.swap("when " + begin)
		done <- err
	}()
	a.logged(2, `msg="worker started"`, "generation=2")
	if err := a.Stop(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, ErrStopped) {
		t.Errorf("error %v, want %v", err, ErrStopped)
	}
}
