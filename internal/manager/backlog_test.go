package manager

import (
	"fmt"
	"testing"
)

func TestBacklogKeepsOrder(t *testing.T) {
	b := newBacklog()
	done := make(chan struct{})
	n := 0
	go func() {
		defer close(done)
		b.deliver(func(p printed) {
			if want := fmt.Sprint(n); string(p.text) != want || p.label != "label" {
				t.Errorf("line %q of %q, want %q", p.text, p.label, want)
			}
			n++
		}, func(dropped int) { t.Errorf("%d lines dropped", dropped) })
	}()
	for i := range 1000 {
		b.add("label", fmt.Append(nil, i))
	}
	b.close()
	<-done
	if n != 1000 {
		t.Errorf("%d lines, want 1000", n)
	}
}

func TestBacklogDropsAndCounts(t *testing.T) {
	b := newBacklog()
	done, open := make(chan struct{}), make(chan struct{})
	written, dropped := 0, 0
	go func() {
		defer close(done)
		b.deliver(func(printed) { <-open; written++ }, func(n int) { dropped += n })
	}()
	line := make([]byte, 1000)
	const lines = 5 * maxBacklog / 1000
	for range lines {
		b.add("", line) // returns although nothing is written
	}
	close(open)
	b.close()
	<-done
	if written+dropped != lines || dropped == 0 || written*1000 > maxBacklog {
		t.Errorf("%d lines written and %d dropped of %d", written, dropped, lines)
	}
	if b.bytes != 0 {
		t.Errorf("%d bytes are still counted", b.bytes)
	}
}
