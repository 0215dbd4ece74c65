package manager

import (
	"fmt"
	"strings"
	"testing"
)

func TestTailReason(t *testing.T) {
	tests := []struct{ name, printed, want string }{ // "!" marks standard error
		{"nothing", "", ""},
		{"a line", "listening\nno such database\n\n", "no such database"},
		{"an error", "listening\n!no such database\ngoodbye", "no such database"},
		{"Go", "starting\npanic: no database\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:12 +0x1d", "panic: no database"},
		{"Python", "Traceback (most recent call last):\n  File \"app.py\", line 1\n    x\nNameError: name 'x' is not defined", "NameError: name 'x' is not defined"},
	}
	for _, test := range tests {
		var l tail
		for _, line := range strings.Split(test.printed, "\n") {
			text, standardError := strings.CutPrefix(line, "!")
			l.add([]byte(text), standardError)
		}
		if got, _ := l.last(); got != test.want {
			t.Errorf("%s: reason %q, want %q", test.name, got, test.want)
		}
	}
}

func TestTailIsBounded(t *testing.T) {
	var l tail
	for i := range 1000 {
		l.add([]byte(fmt.Sprint(i, strings.Repeat("x", 2*tailWidth))), false)
	}
	_, text := l.last()
	if n := strings.Count(text, "\n") + 1; n != tailLines || len(text) > tailLines*(tailWidth+1) {
		t.Errorf("%d lines of %d bytes", n, len(text))
	}
	if !strings.HasPrefix(text, "980x") {
		t.Errorf("begins with %.10q, want the last lines", text)
	}
}
