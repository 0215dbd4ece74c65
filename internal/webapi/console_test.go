package webapi

import (
	"strings"
	"testing"
)

func TestConsole(t *testing.T) {
	for _, c := range []struct{ script, stdout, stderr string }{
		{`console.log("a", 1, null, undefined, true, 2n, Symbol("s"))`, "a 1 null undefined true 2n Symbol(s)\n", ""},
		{`console.log()`, "\n", ""},
		{`console.info("i"); console.debug("d"); console.warn("w"); console.error("e")`, "i\nd\n", "w\ne\n"},
		{`console.log("%s is %d years and %i, %f, %j %o %O %% %c%x", "Bob", 42.5, "42.9", "1.5", {a:1}, [1], {b:2}, "css")`,
			"Bob is 42.5 years and 42, 1.5, {\"a\":1} [ 1 ] { b: 2 } % %x\n", ""},
		{`console.log("%s", "a", "b", {c: 1}); console.log("100%", 1); console.log("%s")`, "a b { c: 1 }\n100% 1\n%s\n", ""},
		{`console.log({a: {b: {c: {}}}}, {a: {b: {c: {d: 1}}}}, ["it's", 'x'])`, "{ a: { b: { c: {} } } } { a: { b: { c: [Object] } } } [ \"it's\", 'x' ]\n", ""},
		{`class P { constructor() { this.x = 1 } get y() { return 1 } }; console.log(new P(), P, () => {}, Object.create(null), [, 1], [,,])`,
			"P { x: 1 } [class P] [Function (anonymous)] [Object: null prototype] {} [ <1 empty item>, 1 ] [ <2 empty items> ]\n", ""},
		{`const o = {}; o.o = [o]; console.log(o)`, "<ref *1> { o: [ [Circular *1] ] }\n", ""},
		{`console.log(new Map([["k", new Set([1])]]), new Uint8Array(2), new Date(0), /x/g, Promise.resolve("p"), Promise.reject(1).catch(() => {}) && 0)`,
			"Map(1) { 'k' => Set(1) { 1 } } Uint8Array(2) [ 0, 0 ] 1970-01-01T00:00:00.000Z /x/g Promise { 'p' } 0\n", ""},
		{`console.log(new Headers({ a: "1", "x-b": "2" }), new URLSearchParams("a=1"))`, "Headers { a: '1', 'x-b': '2' } URLSearchParams { 'a' => '1' }\n", ""},
		{`console.log({ [Symbol.for("nodejs.util.inspect.custom")]() { return "mine" } })`, "mine\n", ""},
		{`console.group("g"); console.log("in\nside"); console.group(); console.error("x"); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log("out")`,
			"g\n  in\n  side\nout\n", "    x\n"},
		{`console.count(); console.count(); console.countReset(); console.count(); console.count("l")`, "default: 1\ndefault: 2\ndefault: 1\nl: 1\n", ""},
		{`console.assert(true, "no"); console.assert(false, "it is %s", "so"); console.assert()`, "", "Assertion failed: it is so\nAssertion failed\n"},
		{`console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })`, "{ a: [Object] }\n", ""},
		{`console.table([{ a: 1, b: "x" }, { a: 2 }])`, "" +
			"┌─────────┬───┬─────┐\n" +
			"│ (index) │ a │ b   │\n" +
			"├─────────┼───┼─────┤\n" +
			"│ 0       │ 1 │ 'x' │\n" +
			"│ 1       │ 2 │     │\n" +
			"└─────────┴───┴─────┘\n", ""},
		{`console.table(5); console.table(new Map([["k", 1]]), ["none"])`, "5\n" +
			"┌───────────────────┬─────┬──────┬────────┐\n" +
			"│ (iteration index) │ Key │ none │ Values │\n" +
			"├───────────────────┼─────┼──────┼────────┤\n" +
			"│ 0                 │ 'k' │      │ 1      │\n" +
			"└───────────────────┴─────┴──────┴────────┘\n", ""},
		{`const { log } = console; log(Array.from({ length: 27 }, (_, i) => i))`, "" +
			"[\n" +
			"   0,  1,  2,  3,  4,  5,  6,  7,\n" +
			"   8,  9, 10, 11, 12, 13, 14, 15,\n" +
			"  16, 17, 18, 19, 20, 21, 22, 23,\n" +
			"  24, 25, 26\n" +
			"]\n", ""},
	} {
		s := newScripted(t)
		s.eval(t, "{"+c.script+"}")
		if got := s.stdout.String(); got != c.stdout {
			t.Errorf("%s\nwrote %q\nwant  %q", c.script, got, c.stdout)
		}
		if got := s.stderr.String(); got != c.stderr {
			t.Errorf("%s\nwrote to the standard error %q\nwant %q", c.script, got, c.stderr)
		}
	}
}

// TestConsoleShowsErrors is about what names lines, so it looks at how lines begin.
func TestConsoleShowsErrors(t *testing.T) {
	s := newScripted(t)
	s.eval(t, `
		function fails() { throw Object.assign(new TypeError("outer", { cause: new RangeError("inner") }), { code: "E1" }) }
		try { fails() } catch (error) { console.log(error, "after"); console.log({ error: new Error("nested") }) }
		class Own extends Error { constructor(m) { super(m); this.name = "Renamed" } }
		class Plain extends RangeError {}
		console.log(new Own("a")); console.log(new Plain("b")); console.log(new DOMException("c", "AbortError"));
		console.trace("here");
	`)
	got := s.stdout.String()
	for _, want := range []string{
		"TypeError: outer\n    at fails (test.js:2:",
		"{\n  [cause]: RangeError: inner\n      at fails (test.js:2:",
		"  code: 'E1'\n} after\n",
		"{\n  error: Error: nested\n      at <eval> (test.js:3:",
		"\nRenamed: a\n    at ",
		"\nPlain: b\n    at ",
		"\nDOMException [AbortError]: c\n    at ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing in the output begins %q:\n%s", want, got)
		}
	}
	if got := s.stderr.String(); !strings.HasPrefix(got, "Trace: here\n    at ") {
		t.Errorf("trace wrote %q", got)
	}
}

func TestConsoleTimes(t *testing.T) {
	s := newScripted(t)
	s.eval(t, `console.time("x"); console.time("x"); console.timeLog("x", "more"); console.timeEnd("x"); console.timeEnd("x")`)
	lines := strings.Split(s.stdout.String(), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], "x: ") || !strings.HasSuffix(lines[0], "ms more") || !strings.HasSuffix(lines[1], "ms") {
		t.Errorf("wrote %q", lines)
	}
	if got := s.stderr.String(); got != "console.time: there is a timer \"x\" already\nconsole.timeEnd: there is no timer \"x\"\n" {
		t.Errorf("wrote to the standard error %q", got)
	}
}
