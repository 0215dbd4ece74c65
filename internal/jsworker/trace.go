package jsworker

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/rip-server/rip-server/internal/bundle"
	"github.com/rip-server/rip-server/internal/quickjs"
)

// trace tells where in the user's files an error comes from.
type trace struct {
	sourceMap []byte
	positions *bundle.Positions // of it, once it was needed
}

// place finds where a call is in a line of a stack trace.
var place = regexp.MustCompile(`rip:bundle:(\d+):(\d+)`)

// text returns an error with its stack and its causes.
func (t *trace) text(err *quickjs.Error) string {
	var b strings.Builder
	for ; err != nil; err = err.Cause {
		b.WriteString(strings.TrimPrefix(err.Error(), "uncaught "))
		b.WriteString(t.stack("\n" + err.Stack))
		if err.Cause != nil {
			b.WriteString("\ncaused by ")
		}
	}
	return b.String()
}

// stack puts the user's files and lines into a stack.
func (t *trace) stack(stack string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimRight(stack, "\n"), "\n") {
		if line, ok := t.line(line); ok {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// line puts the user's file and line into a line of a stack. ok is false for
// calls that are not the app's own.
func (t *trace) line(line string) (string, bool) {
	found := place.FindStringSubmatchIndex(line)
	if found == nil {
		return line, !strings.Contains(line, "(rip:") && !strings.Contains(line, "(native)")
	}
	row, _ := strconv.Atoi(line[found[2]:found[3]])
	column, _ := strconv.Atoi(line[found[4]:found[5]])
	if t.positions == nil && t.sourceMap != nil {
		positions, err := bundle.Read(t.sourceMap)
		if err != nil {
			positions = &bundle.Positions{}
		}
		t.positions, t.sourceMap = positions, nil
	}
	if t.positions == nil {
		return line, true
	}
	file, row, column, ok := t.positions.At(row, column)
	if !ok {
		return line, false
	}
	return fmt.Sprintf("%s%s:%d:%d%s", line[:found[0]], file, row, column, line[found[1]:]), true
}
