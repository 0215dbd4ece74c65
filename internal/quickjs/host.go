package quickjs

import (
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"
)

// Func is a function of Go for JavaScript. The arguments are its caller's: it
// must Keep those that it needs for longer. What it returns is what
// Engine.Value takes, and given away; a Value among them is its own, so an
// argument that it returns must be kept. An error is thrown, as a TypeError,
// RangeError or the like when it is an *Error of that Name.
type Func func(args []Value) (any, error)

// Host makes f a property of the global object __host, so that scripts can
// find it there before they hide it from others.
func (e *Engine) Host(name string, f Func) error {
	v, err := e.Function(name, f)
	if err != nil {
		return err
	}
	defer v.Free()
	return e.host.Set(name, v)
}

// Function makes f a function. It lives as long as the engine, so functions
// are to be made once, not for each request.
func (e *Engine) Function(name string, f Func) (Value, error) {
	if len(e.hosts) > 1<<15-1 {
		return Undefined, fmt.Errorf("function %q: too many functions of Go", name)
	}
	p, done, err := e.briefly(name)
	if err != nil {
		return Undefined, err
	}
	defer done()
	e.hosts = append(e.hosts, f)
	return e.made(lib.XJS_NewCFunction2(e.tls, e.context, e.dispatcher, p, 0, lib.EJS_CFUNC_generic_magic, int32(len(e.hosts)-1)))
}

type tlsPointer = *libc.TLS

// dispatch is what C calls for every Func.
func (e *Engine) dispatch(_ *libc.TLS, _ uintptr, _ lib.TJSValue, argc int32, argv uintptr, magic int32) (r lib.TJSValue) {
	start := len(e.args)
	for i := range uintptr(argc) {
		e.args = append(e.args, e.own(*slot(argv, i)))
	}
	returned := false
	defer func() {
		e.args = e.args[:start]
		if !returned {
			r = e.fell(recover())
		}
	}()
	x, err := e.hosts[magic](e.args[start:len(e.args):len(e.args)])
	if err == nil {
		var v Value
		if v, err = e.Value(x); err == nil {
			r = v.raw()
		}
	}
	returned = true
	if err != nil {
		r = e.throw(err)
	}
	return r
}

// throw throws err.
func (e *Engine) throw(err error) lib.TJSValue {
	v, failed := e.errorValue(err)
	if failed != nil {
		return lib.XJS_ThrowOutOfMemory(e.tls, e.context)
	}
	r := lib.XJS_Throw(e.tls, e.context, v.v)
	if e.stopped.Load() {
		lib.XJS_SetUncatchableException(e.tls, e.context, 1)
	}
	return r
}

// fell notes a panic of a Func. It must not go through the engine, which would
// be left in pieces: it goes on where Go called JavaScript.
func (e *Engine) fell(p any) lib.TJSValue {
	if e.panicked == nil {
		e.panicked = p
	}
	r := e.throw(fmt.Errorf("panic: %v", p))
	lib.XJS_SetUncatchableException(e.tls, e.context, 1)
	return r
}

// repanic goes on with a panic of a Func.
func (e *Engine) repanic() {
	if p := e.panicked; p != nil {
		e.panicked = nil
		panic(p)
	}
}
