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
	mu     sync.Mutex
	lines  []string
	reason string // the line that most likely says what went wrong
	rank   int    // how likely
}

// add notes a line and whether it came from standard error.
//
// What went wrong is how a panic of Go begins (its stack follows), else the
// last line on standard error that is not indented, which is the exception in
// a traceback of Python or Ruby, else the last such line of all.
func (t *tail) add(line []byte, standardError bool) {
	text := strings.TrimRight(string(line[:min(len(line), tailWidth)]), " \t")
	if text == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	rank := 1
	switch {
	case text[0] == ' ' || text[0] == '\t':
		rank = 0
	case strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text, "fatal error: "):
		rank = 3
	case standardError:
		rank = 2
	}
	if rank > 0 && rank >= t.rank {
		t.reason, t.rank = text, rank
	}
	if len(t.lines) == tailLines {
		copy(t.lines, t.lines[1:])
		t.lines = t.lines[:tailLines-1]
	}
	t.lines = append(t.lines, text)
}

// last returns the reason and all lines that were kept.
func (t *tail) last() (reason, lines string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reason, strings.Join(t.lines, "\n")
}
