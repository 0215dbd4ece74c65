package webapi

import (
	"context"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// promise returns a promise of what work returns on a goroutine of its own.
func (l *Loop) promise(e *quickjs.Engine, work func(context.Context) (any, error)) (any, error) {
	d, err := e.Defer()
	if err != nil {
		return nil, err
	}
	l.Go(func(ctx context.Context) func() {
		x, err := work(ctx)
		return func() {
			// What settling throws, the engine's memory having run out, the
			// app meets as well.
			if err != nil {
				_ = d.Reject(err)
			} else {
				_ = d.Resolve(x)
			}
		}
	})
	return d.Promise, nil
}

// promiseState says what has become of a promise, for console.
func promiseState(args []quickjs.Value) (any, error) {
	return args[0].State().String(), nil
}

// promiseResult returns what a promise was fulfilled or rejected with.
func promiseResult(args []quickjs.Value) (any, error) {
	return args[0].Result(), nil
}
