package quickjs

import (
	"fmt"
	"math"
	"unicode/utf8"
	"unsafe"

	lib "modernc.org/libquickjs"
)

// Value is a value of an engine. The zero Value is undefined.
//
// Values that functions of this package return belong to the caller, who has
// to call Free when they are objects, strings or functions and done with (on
// others it does nothing). Not so the arguments that a Func gets: they belong
// to the caller of that function. Keep makes a Value one's own.
type Value struct {
	e *Engine
	v lib.TJSValue
}

// Undefined is what functions return that return nothing.
var Undefined = Value{}

func tag(v lib.TJSValue) int32 { return int32(v.Ftag) }

func (e *Engine) own(v lib.TJSValue) Value { return Value{e, v} }

// raw returns what C knows the value as.
func (v Value) raw() lib.TJSValue {
	if v.e == nil {
		return lib.TJSValue{Ftag: lib.EJS_TAG_UNDEFINED}
	}
	return v.v
}

func (v Value) tag() int32 { return tag(v.raw()) }

// Free gives up a value.
func (v Value) Free() {
	if v.e != nil && v.v.Ftag < 0 {
		lib.XFreeValue(v.e.tls, v.e.context, v.v)
	}
}

// Keep returns the same value once more, to be freed on its own.
func (v Value) Keep() Value {
	if v.e != nil && v.v.Ftag < 0 {
		lib.XDupValue(v.e.tls, v.e.context, v.v)
	}
	return v
}

// Kinds of values.

func (v Value) IsUndefined() bool { return v.tag() == lib.EJS_TAG_UNDEFINED }

func (v Value) IsNull() bool { return v.tag() == lib.EJS_TAG_NULL }

// IsNullish is v == null in JavaScript.
func (v Value) IsNullish() bool { return v.IsUndefined() || v.IsNull() }

func (v Value) IsBool() bool { return v.tag() == lib.EJS_TAG_BOOL }

func (v Value) IsNumber() bool {
	return v.tag() == lib.EJS_TAG_INT || v.tag() == lib.EJS_TAG_FLOAT64
}

func (v Value) IsString() bool {
	return v.tag() == lib.EJS_TAG_STRING || v.tag() == lib.EJS_TAG_STRING_ROPE
}

func (v Value) IsObject() bool { return v.tag() == lib.EJS_TAG_OBJECT }

func (v Value) IsFunction() bool {
	return v.IsObject() && lib.XJS_IsFunction(v.e.tls, v.e.context, v.v) != 0
}

func (v Value) IsError() bool {
	return v.IsObject() && lib.XJS_IsError(v.e.tls, v.e.context, v.v) != 0
}

// IsBytes reports whether the value is an ArrayBuffer or a view of one.
func (v Value) IsBytes() bool {
	if !v.IsObject() {
		return false
	}
	id := lib.XJS_GetClassID(v.e.tls, v.v)
	return id >= lib.EJS_CLASS_ARRAY_BUFFER && id <= lib.EJS_CLASS_DATAVIEW
}

// Bool returns whether the value is true in a condition.
func (v Value) Bool() bool {
	switch v.tag() {
	case lib.EJS_TAG_BOOL, lib.EJS_TAG_INT:
		return int32(number(v.v)) != 0
	case lib.EJS_TAG_UNDEFINED, lib.EJS_TAG_NULL:
		return false
	}
	return lib.XJS_ToBool(v.e.tls, v.e.context, v.v) > 0
}

// number returns the 64 bits of a value.
func number(v lib.TJSValue) uint64 { return *(*uint64)(unsafe.Pointer(&v)) }

// Float returns a number, and NaN for all that is none.
func (v Value) Float() float64 {
	switch v.tag() {
	case lib.EJS_TAG_INT, lib.EJS_TAG_BOOL:
		return float64(int32(number(v.v)))
	case lib.EJS_TAG_FLOAT64:
		return math.Float64frombits(number(v.v))
	}
	return math.NaN()
}

// Int returns a number without its fraction, the nearest int64 when it is out
// of range, and 0 for all that is no number.
func (v Value) Int() int {
	f := v.Float()
	switch {
	case f != f:
		return 0
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int(f)
}

// String returns the value as String(value) does in JavaScript, with U+FFFD in
// place of surrogates that have no partner, and "" when the conversion throws.
func (v Value) String() string {
	e := v.e
	if e == nil {
		return "undefined"
	}
	e.enter()
	n := lib.Tsize_t(0)
	length := e.room + scratch - unsafe.Sizeof(n)
	p := lib.XJS_ToCStringLen2(e.tls, e.context, length, v.v, 0)
	e.depth--
	if p == 0 {
		_ = e.exception()
		e.repanic()
		return ""
	}
	s := string(region(p, int(*(*lib.Tsize_t)(unsafe.Add(nil, length)))))
	lib.XJS_FreeCString(e.tls, e.context, p)
	if !utf8.ValidString(s) {
		s = wellFormed(s)
	}
	return s
}

// wellFormed replaces surrogates, which take three bytes like U+FFFD.
func wellFormed(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == 0xed && b[i+1] >= 0xa0 {
			copy(b[i:], "\ufffd")
		}
	}
	return string(b)
}

// Bytes returns a copy of what an ArrayBuffer, or a view of one, holds; nil
// for all that is neither.
func (v Value) Bytes() []byte {
	b := v.View()
	if b == nil {
		return nil
	}
	return append(make([]byte, 0, len(b)), b...)
}

// View returns the bytes of an ArrayBuffer, or of a view of one, themselves:
// they are good until the engine runs, or the value is freed. It returns nil
// for all that is neither.
func (v Value) View() []byte {
	if !v.IsBytes() {
		return nil
	}
	e := v.e
	buffer, offset, length := v, 0, -1
	switch id := lib.XJS_GetClassID(e.tls, v.v); {
	case id == lib.EJS_CLASS_DATAVIEW:
		buffer = v.Get("buffer")
		offset, length = v.Get("byteOffset").Int(), v.Get("byteLength").Int()
		buffer.Free() // the view keeps it
	case id >= lib.EJS_CLASS_UINT8C_ARRAY:
		at := e.room + scratch - 2*unsafe.Sizeof(lib.Tsize_t(0))
		n := at + unsafe.Sizeof(lib.Tsize_t(0))
		buffer = e.own(lib.XJS_GetTypedArrayBuffer(e.tls, e.context, v.v, at, n, 0))
		if buffer.tag() == lib.EJS_TAG_EXCEPTION {
			_ = e.exception()
			return []byte{}
		}
		offset, length = int(*(*lib.Tsize_t)(unsafe.Add(nil, at))), int(*(*lib.Tsize_t)(unsafe.Add(nil, n)))
		buffer.Free()
	}
	size := e.room + scratch - unsafe.Sizeof(lib.Tsize_t(0))
	p := lib.XJS_GetArrayBuffer(e.tls, e.context, size, buffer.v)
	n := int(*(*lib.Tsize_t)(unsafe.Add(nil, size)))
	if p == 0 {
		_ = e.exception() // detached
		return []byte{}
	}
	if length < 0 {
		length = n
	}
	if offset+length > n {
		return []byte{}
	}
	return region(p+uintptr(offset), length)
}

// GoString implements fmt.GoStringer for messages of tests.
func (v Value) GoString() string { return fmt.Sprintf("quickjs.Value(%s)", v) }
