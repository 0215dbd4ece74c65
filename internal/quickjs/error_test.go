package quickjs

import (
	"errors"
	"strings"
	"testing"
)

func TestError(t *testing.T) {
	e := newEngine(t, Options{})
	_, err := e.Eval("function f() {\n  throw new RangeError('deep', { cause: new Error('why') })\n}\nf()", "app.js")
	var thrown *Error
	if !errors.As(err, &thrown) {
		t.Fatal(err)
	}
	if thrown.Name != "RangeError" || thrown.Message != "deep" || err.Error() != "RangeError: deep" {
		t.Errorf("%q %q", thrown.Name, thrown.Message)
	}
	if !strings.Contains(thrown.Stack, "f (app.js:2:") || !strings.Contains(thrown.Stack, "<eval> (app.js:4:") {
		t.Errorf("stack %q", thrown.Stack)
	}
	if thrown.Cause == nil || thrown.Cause.Message != "why" {
		t.Errorf("cause %v", thrown.Cause)
	}
}

func TestErrorOther(t *testing.T) {
	e := newEngine(t, Options{})
	for source, want := range map[string]string{
		"throw 'text'":                     "uncaught text",
		"throw null":                       "uncaught null",
		"throw { a: 1 }":                   "uncaught [object Object]",
		"let x = ;":                        "SyntaxError: unexpected token in expression: ';'",
		"throw { toString() { throw 1 } }": "uncaught ",
	} {
		if _, err := e.Eval(source, ""); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", source, err, want)
		}
	}
}
