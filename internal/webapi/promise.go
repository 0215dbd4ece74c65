package webapi

import "github.com/rip-server/rip-server/internal/quickjs"

// promiseState says what has become of a promise, for console.
func promiseState(args []quickjs.Value) (any, error) {
	return args[0].State().String(), nil
}

// promiseResult returns what a promise was fulfilled or rejected with.
func promiseResult(args []quickjs.Value) (any, error) {
	return args[0].Result(), nil
}
