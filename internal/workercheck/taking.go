package workercheck

import (
	"errors"
	"fmt"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// underway is what a request takes at most to the shared socket.
const underway = 20 * time.Millisecond

// idle hires a worker that has answered a request and sleeps.
func (b *bench) idle() (*hand, error) {
	h, err := b.hire()
	if err != nil {
		return nil, err
	}
	if err := b.get(); err != nil {
		return nil, err
	}
	return h, h.idles()
}

// running hires a worker that has answered a request, sends it another, and
// stops it while it runs that one, see catch.
func (b *bench) running() (*hand, *call, error) {
	h, err := b.hire()
	if err != nil {
		return nil, nil, err
	}
	if err := b.get(); err != nil {
		return nil, nil, err
	}
	c, err := h.catch()
	return h, c, err
}

// ahead hires a worker that has answered a request and sleeps, stops it, and
// sends another request, which it will find when it goes on.
func (b *bench) ahead() (*hand, *call, error) {
	h, err := b.idle()
	if err != nil {
		return nil, nil, err
	}
	if err := h.freeze(); err != nil {
		return nil, nil, err
	}
	c, err := b.ask(request{method: "GET", target: b.o.Paths.Plain})
	if err == nil && b.kind == sharedsocket.Stream {
		time.Sleep(underway) // another goroutine sends it
	}
	return h, c, err
}

func unwanted(b *bench) error {
	h, c, err := b.ahead()
	if err != nil {
		return err
	}
	b.socket.Withdraw(&c.x)
	if err := c.ends(); err != nil {
		return err
	}
	if !errors.Is(c.err, sharedsocket.ErrWithdrawn) {
		return fmt.Errorf("a request that was withdrawn: %w", c.err)
	}
	if err := h.thaw(); err != nil {
		return err
	}
	if b.kind == sharedsocket.Seqpacket {
		if err := b.await(func() bool { return h.givenBack() > 0 || h.problem() != nil || h.isDead() }); err != nil {
			return errors.New("it does not give back (a record of type 3) what the ledger does not want any more")
		}
	}
	if err := h.problem(); err != nil {
		return fmt.Errorf("it runs what the ledger does not want any more: %w", err)
	}
	if err := b.get(); err != nil {
		return err
	}
	return h.counted(2)
}

func cancelled(b *bench) error {
	h, err := b.hire()
	if err != nil {
		return err
	}
	if err := b.get(); err != nil {
		return err
	}
	c, err := h.catch()
	if err != nil {
		return err
	}
	b.socket.Withdraw(&c.x)
	if err := h.thaw(); err != nil {
		return err
	}
	if err := c.ends(); err != nil {
		return err
	}
	if err := h.idles(); err != nil {
		return err
	}
	if h.isDead() {
		return fmt.Errorf("its end when the client went away: %s", h.cmd.ProcessState)
	}
	return b.get()
}

// givenBack returns how many requests the worker has given back.
func (h *hand) givenBack() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.given)
}
