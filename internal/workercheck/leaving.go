package workercheck

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"syscall"
	"time"
)

// leave tells the worker to leave, as the server does: the word, and SIGTERM
// when it runs nothing.
func (h *hand) leave() (termed bool, err error) {
	if h.seat.Leave() {
		return false, nil
	}
	return true, h.signal(syscall.SIGTERM)
}

func leaveIdle(b *bench) error {
	h, err := b.idle()
	if err != nil {
		return err
	}
	termed, err := h.leave()
	if err != nil {
		return err
	}
	return h.exitsWell("on leave and SIGTERM", termed)
}

func leaveTaken(b *bench) error {
	h, c, err := b.ahead()
	if err != nil {
		return err
	}
	if h.seat.Leave() {
		return errors.New("its row says that it runs a request, which it cannot have seen yet")
	}
	if err := h.thaw(); err != nil {
		return err
	}
	if err := h.exitsWell("when it finds that it has to leave", false); err != nil {
		return err
	}
	return b.afterwards(c)
}

// afterwards hires another worker, which must answer what the first one left.
func (b *bench) afterwards(c *call) error {
	if _, err := b.hire(); err != nil {
		return err
	}
	if err := c.answered(); err != nil {
		return err
	}
	if err := b.counted(); err != nil {
		return err
	}
	if want := len(b.hands); c.x.Worker != want {
		return fmt.Errorf("a request that was to be left was run by worker %d, not %d", c.x.Worker, want)
	}
	return nil
}

// caught hires a worker, stops it while it runs a request, does something to
// it, and lets it go on: it must answer and exit. Where it was only about to run
// the request it may also leave it to another worker.
func (b *bench) caught(why string, termed bool, do func(*hand) error) error {
	h, c, err := b.running()
	if err != nil {
		return err
	}
	if err := do(h); err != nil {
		return err
	}
	if err := h.thaw(); err != nil {
		return err
	}
	if err := h.exitsWell(why, termed); err != nil {
		return err
	}
	if b.o.Paths.Slow == "" {
		if _, err := b.hire(); err != nil {
			return err
		}
	}
	if err := c.answered(); err != nil {
		return err
	}
	return b.counted()
}

func leaveRunning(b *bench) error {
	return b.caught("after the request that it ran when it was told to leave", false, func(h *hand) error {
		if !h.seat.Leave() {
			return errors.New("its row does not say that it runs a request")
		}
		return nil
	})
}

func termRunning(b *bench) error {
	return b.caught("after the request that it ran when SIGTERM came", true, func(h *hand) error { return h.signal(syscall.SIGTERM) })
}

// termStart sends SIGTERM a little later each time.
func termStart(b *bench) error {
	for _, wait := range []time.Duration{0, time.Millisecond, 5 * time.Millisecond, 30 * time.Millisecond} {
		h, err := b.start()
		if err != nil {
			return err
		}
		time.Sleep(wait)
		if err := h.signal(syscall.SIGTERM); err != nil {
			return err
		}
		if err := h.exits("on SIGTERM while it starts"); err != nil {
			return err
		}
	}
	return nil
}

func termIdle(b *bench) error {
	h, err := b.idle()
	if err != nil {
		return err
	}
	if err := h.signal(syscall.SIGTERM); err != nil {
		return err
	}
	return h.exitsWell("on SIGTERM", true)
}

func leaveEver(b *bench) error { return b.ever((*hand).leave) }

func termEver(b *bench) error {
	return b.ever(func(h *hand) (bool, error) { return true, h.signal(syscall.SIGTERM) })
}

const (
	rounds   = 6 // each with a worker of its own
	together = 3 // requests in each
)

// ever ends one worker after the other at a moment of its own around some
// requests. The next one runs what is left; each is run once.
func (b *bench) ever(part func(*hand) (termed bool, err error)) error {
	h, err := b.hire()
	if err != nil {
		return err
	}
	for round := range rounds {
		var calls []*call
		for range together {
			c, err := b.ask(request{method: "GET", target: b.o.Paths.Plain})
			if err != nil {
				return err
			}
			calls = append(calls, c)
		}
		moment := time.Duration(rand.Int64N(int64(10*time.Microsecond) << round)) // up to some hundred microseconds
		for begin := time.Now(); time.Since(begin) < moment; {
		}
		termed, err := part(h)
		if err != nil {
			return err
		}
		if err := h.exitsWell("when told to go around a request", termed); err != nil {
			return err
		}
		if h, err = b.hire(); err != nil {
			return err
		}
		for _, c := range calls {
			if err := c.answered(); err != nil {
				return err
			}
		}
	}
	return b.counted()
}

func spent(b *bench) error {
	const most = 3
	h, err := b.hire(fmt.Sprintf("RIP_MAX_REQUESTS=%d", most))
	if err != nil {
		return err
	}
	for range most {
		if h.isSpent() {
			return fmt.Errorf("it says that it is spent before it has run %d requests", most)
		}
		if err := b.get(); err != nil {
			return err
		}
	}
	if err := b.await(func() bool { return h.isSpent() || h.isDead() }); err != nil || !h.isSpent() {
		return fmt.Errorf("after RIP_MAX_REQUESTS=%d requests it does not say that it is spent (flag 8)", most)
	}
	c, err := b.ask(request{method: "GET", target: b.o.Paths.Plain})
	if err != nil {
		return err
	}
	if err := b.afterwards(c); err != nil {
		return err
	}
	if h.isDead() {
		return fmt.Errorf("it exits when it is spent, before it is told to: %s", h.cmd.ProcessState)
	}
	termed, err := h.leave()
	if err != nil {
		return err
	}
	return h.exitsWell("on SIGTERM when it is spent", termed)
}
