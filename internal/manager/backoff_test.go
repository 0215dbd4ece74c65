package manager

import (
	"testing"
	"time"
)

func TestBackoffGrowsToItsLimit(t *testing.T) {
	b := backoff{first: 100 * time.Millisecond}
	want := 100 * time.Millisecond
	for range 20 {
		got := b.next(30 * time.Second)
		if got < want*3/4 || got > want*5/4 {
			t.Errorf("delay %s, want %s give or take a quarter", got, want)
		}
		want = min(2*want, 30*time.Second)
	}
	b.forget()
	if got := b.next(30 * time.Second); got > 125*time.Millisecond {
		t.Errorf("delay %s after forget", got)
	}
}

func TestBackoffKeepsALowerLimit(t *testing.T) {
	b := backoff{first: 100 * time.Millisecond}
	for range 20 {
		if got := b.next(time.Second); got > 1250*time.Millisecond {
			t.Errorf("delay %s, want at most a second and a quarter", got)
		}
	}
	if got := b.next(30 * time.Second); got > 2*time.Second {
		t.Errorf("delay %s right after: it grew beyond the lower limit unseen", got)
	}
}
