package webapi

import (
	"context"
	"crypto/hkdf"
	"crypto/pbkdf2"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// hkdfBytes(hash, key, salt, info, length)
func hkdfBytes(args []quickjs.Value) (any, error) {
	h := hashes[args[0].String()]
	b, err := hkdf.Key(h.New, args[1].View(), args[2].View(), string(args[3].View()), args[4].Int())
	if err != nil {
		return nil, operationError(err.Error())
	}
	return b, nil
}

// pbkdf2Bytes(hash, password, salt, iterations, length) returns a promise: it
// is made to take long.
func pbkdf2Bytes(l *Loop, e *quickjs.Engine) quickjs.Func {
	return func(args []quickjs.Value) (any, error) {
		h := hashes[args[0].String()]
		password, salt := args[1].Bytes(), args[2].Bytes()
		iterations, length := args[3].Int(), args[4].Int()
		return l.promise(e, func(context.Context) (any, error) {
			b, err := pbkdf2.Key(h.New, string(password), salt, iterations, length)
			if err != nil {
				return nil, operationError(err.Error())
			}
			return b, nil
		})
	}
}
