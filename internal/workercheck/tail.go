package workercheck

import (
	"strings"
	"sync"
)

// tailLines is how many lines of a worker's output are kept.
const tailLines = 12

// tail keeps the last lines that are written to it.
type tail struct {
	mu    sync.Mutex
	lines []string
	open  bool // the last one has no end yet
}

// Write implements io.Writer.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for line := range strings.Lines(string(b)) {
		if t.open {
			t.lines[len(t.lines)-1] += line
		} else {
			t.lines = append(t.lines, line)
		}
		t.open = !strings.HasSuffix(line, "\n")
	}
	t.lines = t.lines[max(0, len(t.lines)-tailLines):]
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.Join(t.lines, "")
	if t.open {
		text += "\n"
	}
	return text
}
