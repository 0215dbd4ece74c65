package manager

import (
	"math/rand/v2"
	"time"
)

// backoff is the delay before a slot is started again: it doubles with every
// failure until it is forgotten.
type backoff struct {
	first    time.Duration
	failures int
}

// next notes a failure and returns the delay after it, at most most, give or
// take a quarter so that slots that failed together do not start together.
func (b *backoff) next(most time.Duration) time.Duration {
	d := most
	if b.failures < 30 && b.first<<b.failures < most {
		d = b.first << b.failures
		b.failures++
	}
	return time.Duration(float64(d) * (0.75 + rand.Float64()/2))
}

func (b *backoff) forget() { b.failures = 0 }
