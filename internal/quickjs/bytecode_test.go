package quickjs

import (
	"errors"
	"strings"
	"testing"
)

func TestCode(t *testing.T) {
	code, err := newEngine(t, Options{}).Compile("function f() { throw new Error('here') }\nf", "code.js")
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine(t, Options{})
	f, err := e.Run(code)
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Call(f, Undefined)
	var thrown *Error
	if !errors.As(err, &thrown) || !strings.Contains(thrown.Stack, "code.js:1:") {
		t.Fatal(err, thrown)
	}
	if _, err := e.Compile("f(", ""); err == nil {
		t.Error("half a call compiled")
	}
	if _, err := e.Run(Code("nonsense")); err == nil {
		t.Error("nonsense ran")
	}
}
