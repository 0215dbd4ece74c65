package webapi

import (
	"context"
	"slices"
	"testing"
	"time"
)

// turnUntil drives a loop as the worker does, until done.
func turnUntil(t *testing.T, l *Loop, done func() bool) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for !done() {
		var due <-chan time.Time
		if next, ok := l.Next(); ok {
			due = time.After(time.Until(next))
		}
		select {
		case <-l.Wake():
		case <-due:
		case <-deadline:
			t.Fatal("the loop did not get there within 10 seconds")
		}
		l.Turn()
	}
}

func TestTimersFireInOrder(t *testing.T) {
	l := NewLoop()
	defer l.Close()
	var fired []int
	jobs := 0
	l.fire = func(id int) { fired = append(fired, id) }
	l.jobs = func() { jobs++ }
	l.startTimer(1, 20*time.Millisecond)
	l.startTimer(2, time.Millisecond)
	l.startTimer(3, time.Hour)
	l.startTimer(4, 10*time.Millisecond)
	l.stopTimer(3)
	l.stopTimer(99)
	turnUntil(t, l, func() bool { return l.Timers() == 0 })
	if want := []int{2, 4, 1}; !slices.Equal(fired, want) {
		t.Errorf("fired %v, want %v", fired, want)
	}
	if jobs != 3 {
		t.Errorf("jobs ran %d times, want after each of 3 timers", jobs)
	}
}

func TestTimersOfTheSameMomentKeepTheirOrder(t *testing.T) {
	l := NewLoop()
	defer l.Close()
	var fired []int
	l.fire = func(id int) { fired = append(fired, id) }
	for id := range 20 {
		l.startTimer(id, 0)
		l.byID[id].due = time.Time{}
	}
	l.Turn()
	if !slices.IsSorted(fired) || len(fired) != 20 {
		t.Errorf("fired %v, want 0 to 19", fired)
	}
}

func TestATimerThatSetsItselfAgainDoesNotHoldTheTurn(t *testing.T) {
	l := NewLoop()
	defer l.Close()
	fired := 0
	l.fire = func(id int) {
		fired++
		l.startTimer(id, -time.Second)
	}
	l.startTimer(1, 0)
	l.Turn()
	if fired != 1 || l.Timers() != 1 {
		t.Errorf("fired %d times with %d timers left, want 1 and 1", fired, l.Timers())
	}
}

func TestATimerOfACompletionIsLeftToTheNextTurn(t *testing.T) {
	l := NewLoop()
	defer l.Close()
	fired := 0
	l.fire = func(int) { fired++ }
	l.Post(func() { l.startTimer(1, -time.Second) })
	if l.Turn(); fired != 0 {
		t.Error("the timer fired in the turn that set it")
	}
	if l.Turn(); fired != 1 {
		t.Error("the timer did not fire in the next turn")
	}
}

func TestWorkCompletesOnTheEnginesGoroutine(t *testing.T) {
	l := NewLoop()
	defer l.Close()
	got := 0 // without a lock: the race detector sees a completion elsewhere
	for range 10 {
		l.Go(func(context.Context) func() { return func() { got++ } })
	}
	if l.Pending() != 10 {
		t.Errorf("%d pending, want 10", l.Pending())
	}
	turnUntil(t, l, func() bool { return got == 10 })
	if l.Pending() != 0 {
		t.Errorf("%d pending, want 0", l.Pending())
	}
}

func TestAClosedLoopEndsItsWorkAndRunsNothing(t *testing.T) {
	l := NewLoop()
	ended := make(chan struct{})
	l.Go(func(ctx context.Context) func() {
		<-ctx.Done()
		close(ended)
		return func() { t.Error("a completion ran after Close") }
	})
	l.Close()
	<-ended
	<-l.Wake()
	if l.Turn() {
		t.Error("a closed loop ran something")
	}
}
