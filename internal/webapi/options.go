package webapi

import (
	"io"
	"maps"
	"time"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// Options are what the APIs need of the process around them. All of them but
// Stack are to be set.
type Options struct {
	Loop    *Loop
	Stdout  io.Writer            // of console.log and the like, one Write for each call
	Stderr  io.Writer            // of console.error and the like
	Environ []string             // what process.env is a copy of, "name=value"
	Stack   func(string) string  // what console shows for the stack of an error
	Failed  func(*quickjs.Error) // of reportError, and uncaught in callbacks of timers
}

// host returns the functions of the object __host.
func (o Options) host(e *quickjs.Engine) map[string]quickjs.Func {
	all := map[string]quickjs.Func{
		"utf8Encode":    utf8Encode,
		"utf8Decode":    utf8Decode,
		"utf8Valid":     utf8Valid,
		"indexOf":       indexOf,
		"parseURL":      hostParseURL,
		"resolveURL":    hostResolveURL,
		"setURL":        hostSetURL,
		"toBase64":      toBase64,
		"fromBase64":    fromBase64,
		"base64Bytes":   base64Bytes,
		"percentDecode": percentDecode,
		"promiseState":  promiseState,
		"promiseResult": promiseResult,
		"environ":       func([]quickjs.Value) (any, error) { return o.Environ, nil },
		"reportError": func(args []quickjs.Value) (any, error) {
			o.Failed(e.Describe(args[0]))
			return nil, nil
		},
	}
	if o.Stack != nil {
		all["stack"] = func(args []quickjs.Value) (any, error) { return o.Stack(args[0].String()), nil }
	}
	maps.Copy(all, newCodecs().host())
	maps.Copy(all, o.Loop.host())
	maps.Copy(all, clock{time.Now()}.host())
	maps.Copy(all, cryptoHost(o.Loop, e))
	maps.Copy(all, newFetcher(o.Loop, e).host())
	maps.Copy(all, output{o.Stdout, o.Stderr}.host())
	return all
}
