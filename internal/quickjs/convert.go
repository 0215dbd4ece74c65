package quickjs

import (
	"fmt"
	"math"
	"unsafe"

	lib "modernc.org/libquickjs"
)

// Null is null.
type Null struct{}

// Value makes a value: nil becomes undefined, Null null, a bool a boolean, an
// int, int64 or float64 a number, a string a string, []byte an ArrayBuffer
// with a copy, an error an Error object, a Func a function, []string an Array,
// and a Value stays itself.
func (e *Engine) Value(x any) (Value, error) {
	switch x := x.(type) {
	case nil:
		return Undefined, nil
	case Value:
		return Value{e, x.raw()}, nil
	case Null:
		return e.own(lib.TJSValue{Ftag: lib.EJS_TAG_NULL}), nil
	case bool:
		v := Value{e, lib.TJSValue{Ftag: lib.EJS_TAG_BOOL}}
		if x {
			setNumber(&v.v, 1)
		}
		return v, nil
	case int:
		return e.number(float64(x)), nil
	case int64:
		return e.number(float64(x)), nil
	case float64:
		return e.number(x), nil
	case string:
		return e.text(x)
	case []byte:
		return e.bytes(x)
	case []string:
		return e.array(x)
	case Func:
		return e.Function("", x)
	case error:
		return e.errorValue(x)
	}
	return Undefined, fmt.Errorf("no JavaScript value for %T", x)
}

func setNumber(v *lib.TJSValue, bits uint64) { *(*uint64)(unsafe.Pointer(v)) = bits }

func (e *Engine) number(f float64) Value {
	v := Value{e: e}
	if i := int32(f); float64(i) == f && !(i == 0 && math.Signbit(f)) {
		v.v.Ftag = lib.EJS_TAG_INT
		setNumber(&v.v, uint64(uint32(i)))
		return v
	}
	v.v.Ftag = lib.EJS_TAG_FLOAT64
	setNumber(&v.v, math.Float64bits(f))
	return v
}

func (e *Engine) text(s string) (Value, error) {
	p, done, err := e.briefly(s)
	if err != nil {
		return Undefined, err
	}
	r := lib.XJS_NewStringLen(e.tls, e.context, p, lib.Tsize_t(len(s)))
	done()
	return e.made(r)
}

// made is leave for what runs no code.
func (e *Engine) made(r lib.TJSValue) (Value, error) {
	if tag(r) == lib.EJS_TAG_EXCEPTION {
		return Undefined, e.exception()
	}
	return e.own(r), nil
}

func (e *Engine) bytes(b []byte) (Value, error) {
	return e.Buffer(len(b), func(to []byte) error { copy(to, b); return nil })
}

// Buffer makes an ArrayBuffer of n bytes, which fill writes, so that nothing is
// copied. Its error is returned.
func (e *Engine) Buffer(n int, fill func(to []byte) error) (Value, error) {
	p := lib.Xjs_malloc(e.tls, e.context, lib.Tsize_t(max(n, 1)))
	if p == 0 {
		return Undefined, e.exception()
	}
	if err := fill(region(p, n)); err != nil {
		lib.Xjs_free(e.tls, e.context, p)
		return Undefined, err
	}
	return e.made(lib.XJS_NewArrayBuffer(e.tls, e.context, p, lib.Tsize_t(n), e.freeBuffer, 0, 0))
}

// freeArrayBuffer is called when such an ArrayBuffer is freed.
func freeArrayBuffer(tls tlsPointer, runtime, _, p uintptr) { lib.Xjs_free_rt(tls, runtime, p) }

func (e *Engine) array(list []string) (Value, error) {
	a, err := e.made(lib.XJS_NewArray(e.tls, e.context))
	if err != nil {
		return Undefined, err
	}
	for i, s := range list {
		v, err := e.text(s)
		if err == nil && lib.XJS_SetPropertyUint32(e.tls, e.context, a.v, uint32(i), v.v) < 0 {
			err = e.exception()
		}
		if err != nil {
			a.Free()
			return Undefined, err
		}
	}
	return a, nil
}
