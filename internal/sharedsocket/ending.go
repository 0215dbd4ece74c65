package sharedsocket

import (
	"errors"
	"strings"
)

// ending is an exchange whose sink is to be told that it ended without a
// complete reply, outside the mutex.
type ending struct {
	x      *Exchange
	err    error // for the sink
	death  error // ErrDied or ErrTimeout when that is why, whatever the sink is told
	guilty bool  // the request is likely what the worker died of
}

// conclude ends an exchange without a complete reply: it is added to over, or,
// while its sink is taking a part, left to the goroutine that hands it over.
func (s *Socket) conclude(over []ending, x *Exchange, err error) []ending {
	e := ending{x: x, err: err}
	if errors.Is(err, ErrDied) || errors.Is(err, ErrTimeout) {
		e.death = err
	}
	if x.gone {
		e.err = ErrWithdrawn
	}
	switch x.state {
	case queued:
		s.queue.remove(x)
		x.state = idle
	case sent:
		if x.taking {
			x.end = err
			return over
		}
		if x.carrier != nil {
			x.carrier.stop()
		}
		x.wake()
		if t := x.seat; t != nil && e.death != nil {
			t.ended, t.label = x.id, strings.Clone(x.Label)
			// A worker that had to leave may have been killed because it took long.
			e.guilty = !t.leaving || errors.Is(err, ErrTimeout)
		}
		s.land(x)
	case idle:
		return over
	}
	return append(over, e)
}

// tell tells the sinks. The exchanges may be in use again when it returns.
func (s *Socket) tell(over []ending) {
	for _, e := range over {
		if e.guilty {
			s.accuse(e.x)
		}
		if e.death != nil && s.cfg.Died != nil {
			s.cfg.Died(e.x, e.death)
		}
		e.x.Sink.Take(Reply{Final: true, Err: e.err})
	}
}
