package manager

import (
	"strings"
	"sync"
)

const (
	tailLines = 20   // lines that are kept
	tailWidth = 1024 // bytes that are kept of each
)

// tail keeps the last lines that a worker printed, to say why it failed.
type tail struct {
	mu    sync.Mutex
	lines []string
	panic string // the last line that began a panic: its stack pushes it out
}

func (t *tail) add(line []byte) {
	text := strings.TrimRight(string(line[:min(len(line), tailWidth)]), " \t")
	if text == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text, "fatal error: ") {
		t.panic = text
	}
	if len(t.lines) == tailLines {
		copy(t.lines, t.lines[1:])
		t.lines = t.lines[:tailLines-1]
	}
	t.lines = append(t.lines, text)
}

// String returns the lines.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

// reason returns the line that most likely says what went wrong: how a panic
// of Go begins, else the last line that is not indented, which is the
// exception in a traceback of Python or Ruby.
func (t *tail) reason() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.panic != "" {
		return t.panic
	}
	for i := len(t.lines) - 1; i >= 0; i-- {
		if c := t.lines[i][0]; c != ' ' && c != '\t' {
			return t.lines[i]
		}
	}
	return ""
}
