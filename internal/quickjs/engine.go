// Package quickjs binds the QuickJS engine, as modernc.org/libquickjs has it in
// Go, for a program that makes many short calls into it: values are converted
// without reflection, bytes are copied once, functions of Go are called without
// a lock, and an engine's memory is its own and given back in one piece.
//
// It knows nothing of the web and has no event loop: whoever uses an Engine
// runs its jobs (Engine.RunJobs).
package quickjs

import (
	"errors"
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"
	"modernc.org/memory"
)

// Options are the limits of an engine.
type Options struct {
	// Memory is how many bytes the objects of the engine may take, 0 = no
	// limit. An allocation beyond it throws an InternalError, "out of memory".
	Memory int64
}

// Engine is a JavaScript heap with one global object. One goroutine at a time
// may use it, and its Values; Interrupt alone may be called from any.
type Engine struct {
	tls     *libc.TLS
	runtime uintptr // JSRuntime
	context uintptr // JSContext
	memory  memory.Allocator
	limit   int64
	room    uintptr // for strings on their way in, and for arguments
	used    uintptr // of it, by arguments of calls that have not returned

	stopped                atomic.Bool // by Interrupt
	depth                  int         // of calls into the engine
	hosts                  []Func
	dispatcher, freeBuffer uintptr // functions for C
	host                   Value   // the object that has them
	args                   []Value
	panicked               any

	rejected []rejection
	kept     []any // what C has pointers to
}

const (
	scratch  = 64 << 10 // of Engine.room for strings
	maxSlots = 1024     // of Engine.room for arguments
	slotSize = unsafe.Sizeof(lib.TJSValue{})
)

// New makes an engine with nothing in it but ECMAScript and the object __host
// for the functions of Engine.Host.
func New(o Options) (*Engine, error) {
	e := &Engine{tls: libc.NewTLS(), limit: o.Memory}
	functions, err := e.useOwnMemory()
	if err != nil {
		e.Close()
		return nil, err
	}
	room, err := e.memory.UintptrMalloc(scratch + maxSlots*int(slotSize))
	if err != nil {
		e.Close()
		return nil, err
	}
	e.room = room
	e.runtime = lib.XJS_NewRuntime2(e.tls, functions, 0)
	if e.runtime == 0 {
		e.Close()
		return nil, errors.New("no memory for a JavaScript runtime")
	}
	if o.Memory > 0 {
		lib.XJS_SetMemoryLimit(e.tls, e.runtime, lib.Tsize_t(o.Memory))
	}
	e.context = lib.XJS_NewContext(e.tls, e.runtime)
	if e.context == 0 {
		e.Close()
		return nil, errors.New("no memory for a JavaScript context")
	}
	lib.XJS_SetInterruptHandler(e.tls, e.runtime, e.pointer(e.interrupted), 0)
	lib.XJS_SetHostPromiseRejectionTracker(e.tls, e.runtime, e.pointer(e.track), 0)
	e.dispatcher, e.freeBuffer = e.pointer(e.dispatch), e.pointer(freeArrayBuffer)
	e.host = e.own(lib.XJS_NewObject(e.tls, e.context))
	if err := e.Global().Set("__host", e.host); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// Close gives back the memory of the engine. Nothing of it can be used then.
func (e *Engine) Close() {
	// The objects are not freed one by one: all there is to them is memory,
	// and that goes as a whole. So nobody who forgot to free a Value does harm.
	_ = e.memory.Close()
	e.tls.Close()
	e.runtime, e.context = 0, 0
}

// pointer returns what C calls for a function: generated code takes a pointer
// to a Go function value, which may be a closure.
func (e *Engine) pointer(f any) uintptr {
	e.kept = append(e.kept, f)
	return (*[2]uintptr)(unsafe.Pointer(&f))[1]
}

// Global returns the global object. It need not be freed.
func (e *Engine) Global() Value {
	v := e.own(lib.XJS_GetGlobalObject(e.tls, e.context))
	v.Free() // the context keeps it
	return v
}

// Eval runs a script and returns what its last statement evaluates to. The
// file is what stack traces call it. Functions that the script queues as jobs
// have not run yet when it returns.
func (e *Engine) Eval(source, file string) (Value, error) {
	return e.eval(source, file, lib.MJS_EVAL_TYPE_GLOBAL)
}

func (e *Engine) eval(source, file string, flags int32) (Value, error) {
	code, err := e.copied(source)
	if err != nil {
		return Value{}, err
	}
	defer func() { _ = e.memory.UintptrFree(code) }()
	name, err := e.copied(file)
	if err != nil {
		return Value{}, err
	}
	defer func() { _ = e.memory.UintptrFree(name) }()
	e.enter()
	return e.leave(lib.XJS_Eval(e.tls, e.context, code, lib.Tsize_t(len(source)), name, flags))
}

// Call calls a function. Its arguments are what Engine.Value takes.
func (e *Engine) Call(function, this Value, args ...any) (Value, error) {
	n := uintptr(len(args))
	if e.used+n > maxSlots {
		return Value{}, errors.New("too many arguments")
	}
	first := e.room + scratch + e.used*slotSize
	e.used += n
	made := uintptr(0)
	defer func() {
		for i := range made {
			lib.XFreeValue(e.tls, e.context, *slot(first, i))
		}
		e.used -= n
	}()
	for _, arg := range args {
		v, err := e.Value(arg)
		if err != nil {
			return Value{}, err
		}
		if kept, ok := arg.(Value); ok {
			v = kept.Keep()
		}
		*slot(first, made) = v.raw()
		made++
	}
	e.enter()
	return e.leave(lib.XJS_Call(e.tls, e.context, function.v, this.raw(), int32(n), first))
}

// slot returns the place of a value in an array of C.
func slot(first, i uintptr) *lib.TJSValue {
	return (*lib.TJSValue)(unsafe.Add(nil, first+i*slotSize))
}

func (e *Engine) enter() { e.depth++ }

// leave ends a call into the engine: it makes its result a value or an error.
func (e *Engine) leave(r lib.TJSValue) (Value, error) {
	e.depth--
	if tag(r) == lib.EJS_TAG_EXCEPTION {
		err := e.exception()
		e.repanic()
		return Value{}, err
	}
	e.repanic()
	return e.own(r), nil
}

// RunJobs runs what is queued to run after the code that has run: reactions of
// promises. It returns when there is none left, or with the first error that
// one of them has thrown (few do: what a promise's reaction throws becomes the
// rejection of another). The rest stays queued then.
func (e *Engine) RunJobs() error {
	defer e.collectInTime()
	for {
		e.enter()
		n := lib.XJS_ExecutePendingJob(e.tls, e.runtime, e.room)
		e.depth--
		if n < 0 {
			err := e.exception()
			e.repanic()
			return err
		}
		e.repanic()
		if e.stopped.Load() && n > 0 {
			return interruption()
		}
		if n == 0 {
			return nil
		}
	}
}

// Interrupt ends the code that runs, and all that is called until Resume is
// called: at the latest after some ten thousand jumps and calls. No catch or
// finally block of the code runs. Any goroutine may call it.
func (e *Engine) Interrupt() { e.stopped.Store(true) }

// Resume lets code run again after Interrupt.
func (e *Engine) Resume() { e.stopped.Store(false) }

func (e *Engine) interrupted(*libc.TLS, uintptr, uintptr) int32 {
	if e.stopped.Load() {
		return 1
	}
	return 0
}
