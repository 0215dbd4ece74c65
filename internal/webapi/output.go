package webapi

import (
	"io"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// output is where console writes. A line is one Write, so that those of
// several workers with one output do not mix.
type output struct{ stdout, stderr io.Writer }

func (o output) host() map[string]quickjs.Func {
	return map[string]quickjs.Func{
		"print": func(args []quickjs.Value) (any, error) {
			to := o.stdout
			if args[1].Bool() {
				to = o.stderr
			}
			// As everywhere, nobody listens when a log cannot be written.
			_, _ = io.WriteString(to, args[0].String())
			return nil, nil
		},
	}
}
