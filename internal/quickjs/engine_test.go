package quickjs

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

func newEngine(t testing.TB, o Options) *Engine {
	t.Helper()
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func eval(t testing.TB, e *Engine, source string) Value {
	t.Helper()
	v, err := e.Eval(source, "test.js")
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return v
}

func TestEval(t *testing.T) {
	e := newEngine(t, Options{})
	for source, want := range map[string]string{
		"1 + 2":                             "3",
		"'a' + 'é' + '😀'":                   "aé😀",
		"'\\ud83d' + 'x' + '\\ude00'":       "\ufffdx\ufffd",
		"undefined":                         "undefined",
		"null":                              "null",
		"[1, [2, 3]].flat().at(-1)":         "3",
		"2n ** 64n":                         "18446744073709551616",
		"/(?<y>\\d+)/.exec('a12').groups.y": "12",
	} {
		v := eval(t, e, source)
		if v.String() != want {
			t.Errorf("%s = %q, want %q", source, v, want)
		}
		v.Free()
	}
}

func TestCall(t *testing.T) {
	e := newEngine(t, Options{})
	f := eval(t, e, "(function (a, b) { return [this, a, b].map(String).join() })")
	v, err := e.Call(f, e.Global().Get("Math"), "x", 1.5)
	if err != nil || v.String() != "[object Math],x,1.5" {
		t.Fatal(v, err)
	}
	if _, err := e.Call(eval(t, e, "1"), Undefined); err == nil || err.Error() != "TypeError: not a function" {
		t.Fatal(err)
	}
}

// A call that calls back has arguments of its own.
func TestCallNested(t *testing.T) {
	e := newEngine(t, Options{})
	f := eval(t, e, "(n, f) => n === 0 ? '' : f(n - 1) + n")
	var again Func
	again = func(args []Value) (any, error) {
		return e.Call(f, Undefined, args[0], again)
	}
	v, err := e.Call(f, Undefined, 9, again)
	if err != nil || v.String() != "123456789" {
		t.Fatal(v, err)
	}
}

func TestJobs(t *testing.T) {
	e := newEngine(t, Options{})
	p := eval(t, e, "(async () => { await null; return 7 })()")
	if p.State() != Pending {
		t.Fatal(p.State())
	}
	if err := e.RunJobs(); err != nil {
		t.Fatal(err)
	}
	if p.State() != Fulfilled || p.Result().Int() != 7 {
		t.Fatal(p.State(), p.Result())
	}
}

func TestInterrupt(t *testing.T) {
	e := newEngine(t, Options{})
	started := make(chan struct{})
	err := e.Host("started", func([]Value) (any, error) { close(started); return nil, nil })
	if err != nil {
		t.Fatal(err)
	}
	go func() { <-started; e.Interrupt() }()
	_, err = e.Eval("__host.started(); try { for (;;); } finally { globalThis.ran = 1 }", "loop.js")
	var thrown *Error
	if !errors.Is(err, ErrInterrupted) || !errors.As(err, &thrown) || !strings.Contains(thrown.Stack, "loop.js:1") {
		t.Fatal(err, thrown)
	}
	if _, err := e.Eval("for (;;);", ""); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	e.Resume()
	if v := eval(t, e, "typeof ran"); v.String() != "undefined" {
		t.Error("a finally block ran")
	}
}

func TestInterruptJobs(t *testing.T) {
	e := newEngine(t, Options{})
	if err := e.Host("stop", func([]Value) (any, error) { e.Interrupt(); return nil, nil }); err != nil {
		t.Fatal(err)
	}
	eval(t, e, "(async () => { for (let i = 0; ; i++) { await null; if (i === 1000) __host.stop() } })()")
	if err := e.RunJobs(); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
}

func TestMemoryLimit(t *testing.T) {
	e := newEngine(t, Options{Memory: 8 << 20})
	_, err := e.Eval("const a = []; for (;;) a.push(new Array(1000).fill(1.5))", "")
	var thrown *Error
	if !errors.As(err, &thrown) || !thrown.OutOfMemory() {
		t.Fatal(err)
	}
	if n := e.Memory(); n > 8<<20 {
		t.Fatal(n)
	}
	eval(t, e, "a.length = 0")
	eval(t, e, "new Uint8Array(1 << 20).length")
}

// What is garbage is found before the limit is reached, also when most of the
// memory is in use.
func TestMemoryLimitCycles(t *testing.T) {
	e := newEngine(t, Options{Memory: 16 << 20})
	eval(t, e, "globalThis.kept = Array.from({ length: 12 }, () => new Array(60000).fill(1.5)); 0")
	f := eval(t, e, "() => { const o = { a: new Array(20000).fill(1.5) }; o.o = o }")
	for range 100 {
		if _, err := e.Call(f, Undefined); err != nil {
			t.Fatal(err, e.Memory())
		}
		if err := e.RunJobs(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestStackOverflow(t *testing.T) {
	e := newEngine(t, Options{})
	_, err := e.Eval("(function f() { return f() + 1 })()", "")
	if err == nil || !strings.Contains(err.Error(), "stack overflow") {
		t.Fatal(err)
	}
}

// Close gives back all, whoever holds what.
func TestClose(t *testing.T) {
	goroutines := runtime.NumGoroutine()
	for range 10 {
		e, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		v := eval(t, e, "globalThis.o = { f() {}, b: new Uint8Array(1e6), p: Promise.reject(1) }; o.o = o")
		_ = v.Keep()
		e.Close()
	}
	if n := runtime.NumGoroutine(); n > goroutines {
		t.Errorf("%d goroutines, %d before", n, goroutines)
	}
}

func BenchmarkCall(b *testing.B) {
	e := newEngine(b, Options{})
	f := eval(b, e, "(method, url, n) => n + 1")
	b.ReportAllocs()
	for b.Loop() {
		v, err := e.Call(f, Undefined, "GET", "http://localhost/ping", 1)
		if err != nil {
			b.Fatal(err)
		}
		v.Free()
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		e, err := New(Options{})
		if err != nil {
			b.Fatal(err)
		}
		e.Close()
	}
}
