package quickjs

import (
	"errors"
	"testing"
)

func TestDefer(t *testing.T) {
	e := newEngine(t, Options{})
	var waiting []*Deferred
	if err := e.Host("wait", func([]Value) (any, error) {
		d, err := e.Defer()
		if err != nil {
			return nil, err
		}
		waiting = append(waiting, d)
		return d.Promise, nil
	}); err != nil {
		t.Fatal(err)
	}
	p := eval(t, e, "(async () => { const a = await __host.wait(); try { await __host.wait() } catch (e) { return a + e.message } })()")
	settle := func(f func() error) {
		t.Helper()
		if err := f(); err != nil {
			t.Fatal(err)
		}
		if err := e.RunJobs(); err != nil {
			t.Fatal(err)
		}
	}
	settle(func() error { return waiting[0].Resolve("good, ") })
	settle(func() error { return waiting[1].Reject(errors.New("bad")) })
	if p.State() != Fulfilled || p.Result().String() != "good, bad" {
		t.Fatal(p.State(), p.Result())
	}
}

func TestUnhandled(t *testing.T) {
	e := newEngine(t, Options{})
	eval(t, e, "const late = Promise.reject(1); Promise.reject(new TypeError('nobody')); (async () => { await null; late.catch(() => {}) })()")
	if err := e.RunJobs(); err != nil {
		t.Fatal(err)
	}
	errs := e.Unhandled()
	if len(errs) != 1 || errs[0].Error() != "TypeError: nobody" {
		t.Fatal(errs)
	}
	if errs := e.Unhandled(); errs != nil {
		t.Fatal(errs)
	}
}
