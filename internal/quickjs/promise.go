package quickjs

import (
	"modernc.org/libc"
	lib "modernc.org/libquickjs"
)

// State is what has become of a promise.
type State int

// The states of a promise.
const (
	NotPromise State = iota
	Pending
	Fulfilled
	Rejected
)

func (s State) String() string {
	switch s {
	case Pending:
		return "pending"
	case Fulfilled:
		return "fulfilled"
	case Rejected:
		return "rejected"
	}
	return "not a promise"
}

// State returns what has become of a promise so far.
func (v Value) State() State {
	if !v.IsObject() || lib.XJS_GetClassID(v.e.tls, v.v) != lib.EJS_CLASS_PROMISE {
		return NotPromise
	}
	switch lib.XJS_PromiseState(v.e.tls, v.e.context, v.v) {
	case lib.EJS_PROMISE_PENDING:
		return Pending
	case lib.EJS_PROMISE_FULFILLED:
		return Fulfilled
	}
	return Rejected
}

// Result returns what a promise was fulfilled or rejected with.
func (v Value) Result() Value {
	if v.State() == NotPromise {
		return Undefined
	}
	return v.e.own(lib.XJS_PromiseResult(v.e.tls, v.e.context, v.v))
}

// Deferred is a promise that Go settles.
type Deferred struct {
	Promise         Value
	resolve, reject Value
}

// Defer makes a promise. One of Resolve and Reject must be called in the end,
// by the goroutine of the engine.
func (e *Engine) Defer() (*Deferred, error) {
	p, err := e.made(lib.XJS_NewPromiseCapability(e.tls, e.context, e.room))
	if err != nil {
		return nil, err
	}
	return &Deferred{p, e.own(*slot(e.room, 0)), e.own(*slot(e.room, 1))}, nil
}

// Resolve fulfils the promise with what Engine.Value makes of x.
func (d *Deferred) Resolve(x any) error { return d.settle(d.resolve, x) }

// Reject rejects it.
func (d *Deferred) Reject(err error) error { return d.settle(d.reject, err) }

// settle calls a function of the promise and gives up both. The promise itself
// belongs to whoever got it from Promise.
func (d *Deferred) settle(f Value, x any) error {
	r, err := f.e.Call(f, Undefined, x)
	r.Free()
	d.resolve.Free()
	d.reject.Free()
	d.resolve, d.reject = Undefined, Undefined
	return err
}

// rejection is a promise that was rejected when nobody listened.
type rejection struct{ promise, reason Value }

// track hears of rejections without a listener, and of listeners that come late.
func (e *Engine) track(_ *libc.TLS, _ uintptr, promise, reason lib.TJSValue, handled int32, _ uintptr) {
	if handled == 0 {
		e.rejected = append(e.rejected, rejection{e.own(promise).Keep(), e.own(reason).Keep()})
		return
	}
	for i, r := range e.rejected {
		if number(r.promise.v) == number(promise) {
			e.rejected = append(e.rejected[:i], e.rejected[i+1:]...)
			r.promise.Free()
			r.reason.Free()
			return
		}
	}
}

// Unhandled returns what promises were rejected with that nobody listens to,
// and forgets them. It is to be called when RunJobs has returned, as a listener
// may come until then.
func (e *Engine) Unhandled() []*Error {
	if len(e.rejected) == 0 {
		return nil
	}
	list := e.rejected
	e.rejected = nil
	errs := make([]*Error, 0, len(list))
	for _, r := range list {
		errs = append(errs, e.Describe(r.reason))
		r.promise.Free()
		r.reason.Free()
	}
	return errs
}
