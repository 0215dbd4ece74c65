package workercheck

import (
	"fmt"
	"time"

	"github.com/rip-server/rip-server/internal/wire"
)

const (
	slowClient = 300 * time.Millisecond // before it takes the second part
	shortest   = 20 * time.Millisecond  // between the parts of a streamed reply
)

func large(b *bench) error {
	if b.o.Paths.Large == "" {
		return skipped("name a path that is answered with more than 128 KiB: --large=PATH")
	}
	h, err := b.hire()
	if err != nil {
		return err
	}
	size := 0
	for i, pause := range []time.Duration{0, slowClient} {
		c, err := b.prepare(request{method: "GET", target: b.o.Paths.Large})
		if err != nil {
			return err
		}
		c.pause = pause
		if err := b.submit(c); err != nil {
			return err
		}
		if err := c.answered(); err != nil {
			return err
		}
		switch {
		case len(c.body) <= wire.MaxRecord:
			return fmt.Errorf("%s: the reply has %d bytes, which fit in a record; --large names a path that gives more", c.what, len(c.body))
		case i > 0 && len(c.body) != size:
			return fmt.Errorf("%s: a slow client gets %d bytes, a fast one %d", c.what, len(c.body), size)
		}
		size = len(c.body)
		if err := h.counted(uint64(i + 1)); err != nil {
			return err
		}
	}
	return b.get()
}

func streams(b *bench) error {
	if b.o.Paths.Stream == "" {
		return skipped("name a path that is answered in parts, with time between them: --stream=PATH")
	}
	if _, err := b.hire(); err != nil {
		return err
	}
	c, err := b.ask(request{method: "GET", target: b.o.Paths.Stream})
	if err != nil {
		return err
	}
	if err := c.answered(); err != nil {
		return err
	}
	if gap := c.last.Sub(c.first); c.parts < 2 || gap < shortest {
		return fmt.Errorf("%s: %d parts within %s: they do not come as the app makes them", c.what, c.parts, gap.Round(time.Millisecond))
	}
	return b.get()
}
