package quickjs

import (
	"errors"
	"testing"
)

func TestHost(t *testing.T) {
	e := newEngine(t, Options{})
	err := e.Host("join", func(args []Value) (any, error) {
		s := ""
		for _, a := range args {
			s += a.String()
		}
		return s, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if v := eval(t, e, "__host.join('a', 1, null)"); v.String() != "a1null" {
		t.Error(v)
	}
}

func TestHostThrows(t *testing.T) {
	e := newEngine(t, Options{})
	var err error
	if err := e.Host("fail", func([]Value) (any, error) { return nil, err }); err != nil {
		t.Fatal(err)
	}
	const catch = "try { __host.fail() } catch (e) { [e instanceof TypeError, e instanceof Error, e.name, e.message].join() }"
	for want, fails := range map[string]error{
		"false,true,Error,plain":                errors.New("plain"),
		"true,true,TypeError,wrong":             &Error{Name: "TypeError", Message: "wrong"},
		"false,true,AbortError,the client left": &Error{Name: "AbortError", Message: "the client left"},
	} {
		err = fails
		if v := eval(t, e, catch); v.String() != want {
			t.Errorf("%s, want %s", v, want)
		}
	}
}

// A function that panics must not leave the engine in pieces.
func TestHostPanics(t *testing.T) {
	e := newEngine(t, Options{})
	if err := e.Host("panic", func([]Value) (any, error) { panic("oh") }); err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if p := recover(); p != "oh" {
				t.Errorf("recovered %v", p)
			}
		}()
		_, err := e.Eval("try { __host.panic() } catch { globalThis.caught = 1 }", "")
		t.Errorf("no panic, %v", err)
	}()
	if v := eval(t, e, "typeof caught"); v.String() != "undefined" {
		t.Error("JavaScript caught it")
	}
}

// Arguments are there for the call, and what is kept for longer.
func TestHostKeeps(t *testing.T) {
	e := newEngine(t, Options{})
	var kept Value
	if err := e.Host("keep", func(args []Value) (any, error) {
		kept = args[0].Keep()
		return args[0].Keep(), nil
	}); err != nil {
		t.Fatal(err)
	}
	eval(t, e, "__host.keep({ name: 'x' }).name")
	e.Collect()
	if v := kept.Get("name"); v.String() != "x" {
		t.Error(v)
	}
	kept.Free()
}

func BenchmarkHost(b *testing.B) {
	e := newEngine(b, Options{})
	if err := e.Host("f", func(args []Value) (any, error) { return args[0], nil }); err != nil {
		b.Fatal(err)
	}
	f := eval(b, e, "(n) => { const f = __host.f; for (let i = 0; i < n; i++) f(i) }")
	b.ReportAllocs()
	b.ResetTimer()
	if _, err := e.Call(f, Undefined, b.N); err != nil {
		b.Fatal(err)
	}
}
