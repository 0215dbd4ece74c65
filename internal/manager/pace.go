package manager

import (
	"math"
	"time"
)

// memory is how far back a pace looks.
const memory = time.Second

// pace is how fast a slot gets through its requests. It outlives a worker: the
// next one of the slot will be as busy as the last.
type pace struct {
	rate float64 // requests per second
	done uint64
	at   time.Time
}

// begin starts to count for a new worker.
func (p *pace) begin(now time.Time) { p.done, p.at = 0, now }

// sample notes how many requests the worker has finished by now.
func (p *pace) sample(done uint64, now time.Time) {
	dt := now.Sub(p.at)
	if dt <= 0 || done < p.done {
		return
	}
	rate := float64(done-p.done) / dt.Seconds()
	if p.rate == 0 {
		p.rate = rate
	} else {
		p.rate += (rate - p.rate) * (1 - math.Exp(-dt.Seconds()/memory.Seconds()))
	}
	p.done, p.at = done, now
}

// left returns how long it will take until limit requests are done, as of the
// last sample.
func (p *pace) left(limit int) time.Duration {
	n := float64(limit) - float64(p.done)
	if n <= 0 {
		return 0
	}
	seconds := n / p.rate
	if p.rate <= 0 || seconds > 1e6 {
		return math.MaxInt64
	}
	return time.Duration(seconds * float64(time.Second))
}

// spread returns the request limit for the first life of the worker of a slot
// (from 0): workers that start together must not be spent together, and since
// the kernel spreads requests evenly they would be. Later lives have the full
// limit and keep the distance.
func spread(limit, slot, slots int) int {
	if limit == 0 {
		return 0
	}
	return max(1, limit-limit*slot/slots)
}
