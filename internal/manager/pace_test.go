package manager

import (
	"math"
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	now := time.Unix(1000, 0)
	var p pace
	p.begin(now)
	if got := p.left(50); got != math.MaxInt64 {
		t.Errorf("left %s without a request", got)
	}
	done := uint64(0)
	for range 100 {
		now = now.Add(50 * time.Millisecond)
		done += 5
		p.sample(done, now)
	}
	if got, want := p.left(600), time.Second; got < want-10*time.Millisecond || got > want+10*time.Millisecond {
		t.Errorf("left %s for 100 requests at 100 a second", got)
	}
	if got := p.left(500); got != 0 {
		t.Errorf("left %s when all is done", got)
	}

	// The next worker of the slot is expected to be as busy.
	p.begin(now)
	if got, want := p.left(100), time.Second; got < want-10*time.Millisecond || got > want+10*time.Millisecond {
		t.Errorf("left %s for a new worker", got)
	}
	p.sample(0, now.Add(time.Minute))
	if got := p.left(100); got < time.Hour {
		t.Errorf("left %s after a quiet minute", got)
	}
}

func TestSpread(t *testing.T) {
	tests := []struct {
		limit, slots int
		want         []int
	}{
		{50, 4, []int{50, 38, 25, 13}},
		{1, 3, []int{1, 1, 1}},
		{2, 4, []int{2, 2, 1, 1}},
		{0, 2, []int{0, 0}},
	}
	for _, test := range tests {
		for slot, want := range test.want {
			if got := spread(test.limit, slot, test.slots); got != want {
				t.Errorf("limit %d of slot %d of %d: %d, want %d", test.limit, slot, test.slots, got, want)
			}
		}
	}
}
