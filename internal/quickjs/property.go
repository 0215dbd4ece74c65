package quickjs

import (
	"errors"

	lib "modernc.org/libquickjs"
)

// Get returns a property, undefined when there is none or reading it throws.
func (v Value) Get(name string) Value {
	r, _ := v.Read(name)
	return r
}

// Read returns a property. A getter may run, and throw.
func (v Value) Read(name string) (Value, error) {
	e := v.e
	if e == nil {
		return Undefined, errors.New("undefined has no properties")
	}
	p, done, err := e.briefly(name)
	if err != nil {
		return Undefined, err
	}
	defer done()
	e.enter()
	return e.leave(lib.XJS_GetPropertyStr(e.tls, e.context, v.v, p))
}

// Index returns an element of an array.
func (v Value) Index(i int) Value {
	e := v.e
	if e == nil {
		return Undefined
	}
	e.enter()
	r, _ := e.leave(lib.XJS_GetPropertyUint32(e.tls, e.context, v.v, uint32(i)))
	return r
}

// Len returns the property length.
func (v Value) Len() int { return v.Get("length").Int() }

// Set sets a property to what Engine.Value makes of x.
func (v Value) Set(name string, x any) error {
	e := v.e
	if e == nil {
		return errors.New("undefined has no properties")
	}
	to, err := e.Value(x)
	if err != nil {
		return err
	}
	if given, ok := x.(Value); ok {
		given.Keep()
	}
	p, done, err := e.briefly(name)
	if err != nil {
		return err
	}
	defer done()
	e.enter()
	ok := lib.XJS_SetPropertyStr(e.tls, e.context, v.v, p, to.raw()) // takes the value
	e.depth--
	if ok < 0 {
		err = e.exception()
	}
	e.repanic()
	return err
}

// Call calls the function that the property is, with v as this.
func (v Value) Call(name string, args ...any) (Value, error) {
	f, err := v.Read(name)
	if err != nil {
		return Undefined, err
	}
	defer f.Free()
	return v.e.Call(f, v, args...)
}
