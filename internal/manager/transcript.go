package manager

import (
	"bytes"
	"fmt"
	"sync"
)

const (
	maxLast   = 64 << 10 // bytes that are kept of what a worker printed last
	maxStacks = 1 << 20  // bytes that are kept of its stacks
)

// transcript keeps what a worker printed last and, apart from that, its stacks
// once it was asked for them. A nil one keeps nothing.
type transcript struct {
	mu      sync.Mutex
	last    []byte
	stacks  []byte
	dumping bool
	cut     int // bytes of the stacks that were not kept
}

func (t *transcript) add(line []byte) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dumping {
		// The beginning counts: it has the goroutine that runs.
		if len(t.stacks)+len(line) >= maxStacks {
			t.cut += len(line) + 1
			return
		}
		t.stacks = append(append(t.stacks, line...), '\n')
		return
	}
	t.last = append(append(t.last, line...), '\n')
	if len(t.last) > 2*maxLast {
		n := copy(t.last, lastLines(t.last))
		t.last = t.last[:n]
	}
}

// dump says that the worker is asked for its stacks now.
func (t *transcript) dump() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dumping = true
}

func (t *transcript) read() (last, stacks []byte) {
	if t == nil {
		return nil, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	stacks = t.stacks
	if t.cut > 0 {
		stacks = fmt.Appendf(stacks, "[%d bytes cut]\n", t.cut)
	}
	return lastLines(t.last), stacks
}

// lastLines returns the whole lines at the end that are kept, or the end of one
// that is longer.
func lastLines(b []byte) []byte {
	if len(b) <= maxLast {
		return b
	}
	end := b[len(b)-maxLast:]
	if i := bytes.IndexByte(end, '\n'); i < len(end)-1 {
		end = end[i+1:]
	}
	return end
}
