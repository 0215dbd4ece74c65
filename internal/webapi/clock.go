package webapi

import (
	"time"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// clock is the time of performance: what has passed since the engine's start.
type clock struct{ origin time.Time }

func (c clock) host() map[string]quickjs.Func {
	return map[string]quickjs.Func{
		"now": func([]quickjs.Value) (any, error) {
			return milliseconds(time.Since(c.origin)), nil
		},
		"timeOrigin": func([]quickjs.Value) (any, error) {
			return milliseconds(time.Duration(c.origin.UnixNano())), nil
		},
	}
}

// milliseconds are with a fraction, down to 5 microseconds.
func milliseconds(d time.Duration) float64 {
	return float64(d.Round(5*time.Microsecond)/time.Microsecond) / 1000
}
