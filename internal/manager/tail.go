package manager

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

const (
	tailLines = 20   // lines that are kept
	tailWidth = 1024 // bytes that are kept of each
)

// tail keeps the last lines that a worker printed, to say why it failed.
type tail struct {
	mu     sync.Mutex
	lines  []string
	label  string // of the request that it printed for last, "" = for none
	reason string // the line since then that most likely says what went wrong
	rank   int    // how likely
}

// errorLine is how Node names an error. More may follow that is not indented.
var errorLine = regexp.MustCompile(`^(Uncaught )?\w*Error( \[\w+\])?(: |$)`)

// saysNothing is what closes what was shown before, and what Node prints behind
// every error that nobody caught.
func saysNothing(text string) bool {
	return !strings.ContainsFunc(text, unicode.IsLetter) || strings.HasPrefix(text, "Node.js v")
}

// add notes a line, whether it came from standard error, and for which request
// it was printed.
//
// What went wrong is how a panic of Go begins (its stack follows), else the
// last line on standard error that names an error, else the last one there that
// is not indented, which is the exception in a traceback of Python or Ruby,
// else the last such line of all.
func (t *tail) add(line []byte, standardError bool, label string) {
	text := strings.TrimRight(string(line[:min(len(line), tailWidth)]), " \t")
	if text == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if label != t.label {
		t.label, t.reason, t.rank = strings.Clone(label), "", 0
	}
	rank := 1
	switch {
	case text[0] == ' ' || text[0] == '\t' || saysNothing(text):
		rank = 0
	case strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text, "fatal error: "):
		rank = 4
	case strings.HasPrefix(text, "Traceback ("): // what counts comes at its end
		t.rank = 0
	case standardError && errorLine.MatchString(text):
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

// last returns the reason for a death in the request with that label, "" = in
// none, and all lines that were kept.
func (t *tail) last(label string) (reason, lines string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if label == "" || t.label == label {
		reason = t.reason
	}
	return reason, strings.Join(t.lines, "\n")
}
