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
		{"Python, an exception of the app's own in the treatment of another", "!Traceback (most recent call last):\n!  File \"app.py\", line 1\n!KeyError: 'x'\n!\n!During handling of the above exception, another exception occurred:\n!\n!Traceback (most recent call last):\n!  File \"app.py\", line 3\n!app.NoDatabase: none", "app.NoDatabase: none"},
		{"Node", "!/app/server.js:1\n!throw new Error('no database')\n!^\n!\n!Error: no database\n!    at server.js:1:7\n!\n!Node.js v20.20.2", "Error: no database"},
		{"Node, with fields", "!node:internal:1\n!  throw err;\n!  ^\n!\n!Error: Cannot find module './x'\n!Require stack:\n!- /app/server.js\n!    at f (node:internal:1) {\n!  code: 'MODULE_NOT_FOUND',\n!  requireStack: [ '/app/server.js' ]\n!}\n!\n!Node.js v20.20.2", "Error: Cannot find module './x'"},
		{"Node, no error", "![UnhandledPromiseRejection: the reason \"x\".] {\n!  code: 'ERR_UNHANDLED_REJECTION'\n!}\n!\n!Node.js v20.20.2", "[UnhandledPromiseRejection: the reason \"x\".] {"},
	}
	for _, test := range tests {
		var l tail
		for _, line := range strings.Split(test.printed, "\n") {
			text, standardError := strings.CutPrefix(line, "!")
			l.add([]byte(text), standardError, "")
		}
		if got, _ := l.last(""); got != test.want {
			t.Errorf("%s: reason %q, want %q", test.name, got, test.want)
		}
	}
}

// What an earlier request printed is not why a later one killed its worker.
func TestTailOfAnotherRequest(t *testing.T) {
	var l tail
	l.add([]byte("listening"), false, "")
	if got, _ := l.last(""); got != "listening" {
		t.Errorf("at the start: reason %q", got)
	}
	l.add([]byte("KeyError: 'x'"), true, "first")
	if got, _ := l.last("second"); got != "" {
		t.Errorf("it printed nothing: reason %q", got)
	}
	l.add([]byte("out of memory"), false, "second")
	if got, _ := l.last("second"); got != "out of memory" {
		t.Errorf("reason %q", got)
	}
}

func TestTailIsBounded(t *testing.T) {
	var l tail
	for i := range 1000 {
		l.add([]byte(fmt.Sprint(i, strings.Repeat("x", 2*tailWidth))), false, "")
	}
	_, text := l.last("")
	if n := strings.Count(text, "\n") + 1; n != tailLines || len(text) > tailLines*(tailWidth+1) {
		t.Errorf("%d lines of %d bytes", n, len(text))
	}
	if !strings.HasPrefix(text, "980x") {
		t.Errorf("begins with %.10q, want the last lines", text)
	}
}
