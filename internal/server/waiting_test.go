package server

import (
	"fmt"
	"math"
	"os"
	"testing"
	"time"
)

// situation is what the workers of a test do all the time.
type situation struct {
	workers         int
	queued, running int
	cpu, delay      float64 // of each worker's time
}

// advised plays a situation for some time and returns what was said and when.
func advised(cpus int, s func(now time.Duration) situation, lasting time.Duration) (said []string) {
	var now time.Duration
	worked := map[int]toil{}
	w := waiting{
		cpus:  cpus,
		queue: func() (int, int) { return s(now).queued, s(now).running },
		toil: func() map[int]toil {
			copied := map[int]toil{}
			for pid := range s(now).workers {
				t := worked[pid]
				copied[pid] = toil{t.cpu, map[string]time.Duration{"thread": t.delay["thread"]}}
			}
			return copied
		},
		advise: func(a advice) {
			said = append(said, fmt.Sprintf("%s: %d of %d wait, %.0f%% at rest: w:%d", now, a.queued, a.workers, 100*a.atRest, a.enough))
		},
	}
	start := time.Now()
	for ; now < lasting; now += waitingLook {
		if w.look(start.Add(now)) {
			return said
		}
		for pid := range s(now).workers {
			t := worked[pid]
			if t.delay == nil {
				t.delay = map[string]time.Duration{}
			}
			t.cpu += time.Duration(s(now).cpu * float64(waitingLook))
			t.delay["thread"] += time.Duration(s(now).delay * float64(waitingLook))
			worked[pid] = t
		}
	}
	return said
}

func TestWaiting(t *testing.T) {
	for name, test := range map[string]struct {
		cpus int
		situation
		want string
	}{
		"a database":                         {2, situation{2, 6, 2, 0.02, 0.01}, "5s: 6 of 2 wait, 97% at rest: w:8"},
		"a little queue":                     {2, situation{2, 1, 2, 0.02, 0}, "5s: 1 of 2 wait, 98% at rest: w:4"},
		"a long queue":                       {2, situation{4, 500, 4, 0.02, 0}, "5s: 500 of 4 wait, 98% at rest: w:16"},
		"the processors have not much left":  {2, situation{4, 500, 4, 0.2, 0}, "5s: 500 of 4 wait, 80% at rest: w:8"},
		"many workers":                       {64, situation{200, 500, 200, 0.02, 0}, "5s: 500 of 200 wait, 98% at rest: w:256"},
		"as many as there can be":            {64, situation{256, 500, 256, 0.02, 0}, ""},
		"nobody waits":                       {2, situation{2, 0, 2, 0.02, 0}, ""},
		"a worker is idle":                   {2, situation{4, 3, 3, 0.02, 0}, ""},
		"it computes":                        {2, situation{2, 6, 2, 1, 0}, ""},
		"it computes half of the time":       {2, situation{2, 6, 2, 0.5, 0}, ""},
		"many workers compute":               {2, situation{16, 6, 16, 0.125, 0.875}, ""},
		"others compute":                     {2, situation{2, 6, 2, 0.02, 0.9}, ""},
		"many workers and a limit by quota":  {2, situation{16, 6, 16, 0.125, 0}, ""},
		"one worker computes on one of many": {64, situation{1, 6, 1, 0.9, 0}, ""},
	} {
		got := advised(test.cpus, func(time.Duration) situation { return test.situation }, time.Minute)
		if test.want == "" && got != nil || test.want != "" && (len(got) != 1 || got[0] != test.want) {
			t.Errorf("%s: said %q, want %q", name, got, test.want)
		}
	}
}

// It has to go on for a while without a break.
func TestWaitingThatDoesNotLast(t *testing.T) {
	busy, calm := situation{2, 6, 2, 0.02, 0}, situation{2, 0, 1, 0.02, 0}
	broken := func(now time.Duration) situation {
		if now%(4*time.Second) == 0 {
			return calm
		}
		return busy
	}
	if got := advised(2, broken, time.Minute); got != nil {
		t.Errorf("said %q", got)
	}
	after := func(now time.Duration) situation {
		if now < 20*time.Second {
			return situation{2, 6, 2, 1, 0}
		}
		return busy
	}
	if got := advised(2, after, time.Minute); len(got) != 1 {
		t.Errorf("said %q", got)
	}
	replaced := func(now time.Duration) situation {
		s := busy
		s.workers = 2 + int(now/time.Second)
		return s
	}
	if got := advised(2, replaced, time.Minute); got != nil {
		t.Errorf("said %q", got)
	}
}

// A thread that computes has run, or waited to run.
func TestDelayOf(t *testing.T) {
	if _, err := os.Stat("/proc/self/schedstat"); err != nil {
		t.Skip("the kernel does not tell")
	}
	delay, _, ok := delayOf(os.Getpid())
	if !ok || len(delay) == 0 {
		t.Fatalf("got %v, %v", delay, ok)
	}
	for x, begin := 1.0, time.Now(); time.Since(begin) < 50*time.Millisecond; {
		x = math.Sqrt(x)
	}
	again, _, _ := delayOf(os.Getpid())
	for thread, d := range delay {
		if a, ok := again[thread]; ok && a < d {
			t.Errorf("%s: %s after %s", thread, a, d)
		}
	}
	if _, _, ok := delayOf(1 << 30); ok {
		t.Error("a process that does not exist has a delay")
	}
}
