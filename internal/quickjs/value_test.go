package quickjs

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"
)

func TestValues(t *testing.T) {
	e := newEngine(t, Options{})
	describe := eval(t, e, `(x) => (Object.is(x, -0) ? "-0" : String(x)) + " " + (x === null ? "null" : typeof x)`)
	long := strings.Repeat("é", scratch)
	for _, c := range []struct {
		x    any
		want string
	}{
		{nil, "undefined undefined"},
		{Null{}, "null null"},
		{true, "true boolean"},
		{false, "false boolean"},
		{7, "7 number"},
		{int64(1) << 40, "1099511627776 number"},
		{math.Copysign(0, -1), "-0 number"},
		{math.NaN(), "NaN number"},
		{-1.5, "-1.5 number"},
		{"a\x00b", "a\x00b string"},
		{long, long + " string"},
		{[]string{"a", "b"}, "a,b object"},
		{[]byte("ab"), "[object ArrayBuffer] object"},
	} {
		v, err := e.Call(describe, Undefined, c.x)
		if err != nil || v.String() != c.want {
			t.Errorf("%#v is %.40q, %v, want %.40q", c.x, v.String(), err, c.want)
		}
		v.Free()
	}
	if _, err := e.Value(struct{}{}); err == nil {
		t.Error("a struct became a value")
	}
}

func TestBytes(t *testing.T) {
	e := newEngine(t, Options{})
	in := []byte{0, 1, 254, 255}
	f := eval(t, e, "(b) => { const a = new Uint8Array(b); a[1] = 9; return a.subarray(1) }")
	out, err := e.Call(f, Undefined, in)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.Bytes(); !bytes.Equal(got, []byte{9, 254, 255}) {
		t.Error(got)
	}
	if in[1] != 1 {
		t.Error("the bytes of Go were changed")
	}
	for source, want := range map[string]string{
		"new Uint8Array([65, 66]).buffer":                   "AB",
		"new DataView(new Uint8Array([65, 66]).buffer, 1)":  "B",
		"new Uint16Array([0x4241])":                         "AB",
		"new ArrayBuffer(0)":                                "",
		"{ const b = new ArrayBuffer(4); b.transfer(); b }": "",
	} {
		v := eval(t, e, source)
		if got := v.Bytes(); got == nil || string(got) != want {
			t.Errorf("%s is %q, want %q", source, got, want)
		}
	}
	for _, source := range []string{"'AB'", "({ byteLength: 2 })", "1", "undefined"} {
		if v := eval(t, e, source); v.IsBytes() || v.Bytes() != nil {
			t.Errorf("%s is bytes", source)
		}
	}
}

func TestProperties(t *testing.T) {
	e := newEngine(t, Options{})
	o := eval(t, e, "({ a: [1, 'two'], get bad() { throw new RangeError('no') }, f(x) { return this.a[1] + x } })")
	if v := o.Get("a").Index(1); v.String() != "two" || o.Get("a").Len() != 2 {
		t.Error(v)
	}
	if _, err := o.Read("bad"); err == nil || err.Error() != "RangeError: no" {
		t.Error(err)
	}
	if err := o.Set("b", []byte("x")); err != nil || !o.Get("b").IsBytes() {
		t.Error(err)
	}
	if v, err := o.Call("f", "!"); err != nil || v.String() != "two!" {
		t.Error(v, err)
	}
	if _, err := Undefined.Read("a"); err == nil {
		t.Error("undefined has a property")
	}
}

func TestBuffer(t *testing.T) {
	e := newEngine(t, Options{Memory: 8 << 20})
	v, err := e.Buffer(3, func(to []byte) error { copy(to, "abc"); return nil })
	if err != nil || string(v.Bytes()) != "abc" {
		t.Error(err, v.Bytes())
	}
	before := e.Memory()
	if _, err := e.Buffer(1<<20, func([]byte) error { return io.ErrUnexpectedEOF }); err != io.ErrUnexpectedEOF || e.Memory() != before {
		t.Error(err, e.Memory()-before)
	}
	if _, err := e.Buffer(9<<20, func([]byte) error { return nil }); err == nil || err.Error() != "InternalError: out of memory" {
		t.Error(err)
	}
}
