package jsworker

import (
	"errors"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// What reply says is left to do about a body (dispatch.js).
const (
	bodyDone = iota
	bodyPump // by writing its parts
	bodyDrop // it is not sent
)

// functions are what dispatch.js calls.
func (a *app) functions() map[string]quickjs.Func {
	return map[string]quickjs.Func{
		"reply": func(args []quickjs.Value) (any, error) {
			x := a.exchange(args[0])
			if x == nil {
				return bodyDrop, nil
			}
			return x.reply(args[1].Int(), args[2].String(), args[3])
		},
		"write": func(args []quickjs.Value) (any, error) {
			x := a.exchange(args[0])
			if x == nil {
				return nil, errGone
			}
			return nil, x.write(args[1].View())
		},
		"finish": func(args []quickjs.Value) (any, error) {
			if x := a.exchange(args[0]); x != nil {
				x.over = true
			}
			return nil, nil
		},
		"fail": func(args []quickjs.Value) (any, error) {
			err := a.engine.Describe(args[1])
			if x := a.exchange(args[0]); x != nil {
				x.threw(err)
			} else {
				a.failed(err)
			}
			return nil, nil
		},
		"peek": func(args []quickjs.Value) (any, error) {
			if args[0].State() != quickjs.Fulfilled {
				return nil, nil
			}
			return args[0].Result(), nil
		},
		"background": func(args []quickjs.Value) (any, error) {
			a.background += args[0].Int()
			if len(args) > 1 {
				a.failed(a.engine.Describe(args[1]))
			}
			return nil, nil
		},
	}
}

// target is what the client asked for, which the URL of a Request may not show:
// it has no dots in its path.
func (a *app) target([]quickjs.Value) (any, error) {
	if a.current == nil {
		return nil, errors.New("no request runs")
	}
	return a.current.r.RequestURI, nil
}

// exchange returns the running request if it has that number. What belongs to
// one that is over comes too late.
func (a *app) exchange(number quickjs.Value) *exchange {
	if a.current == nil || a.current.over || number.Int() != a.count {
		return nil
	}
	return a.current
}
