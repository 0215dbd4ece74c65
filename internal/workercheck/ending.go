package workercheck

import (
	"errors"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

func endIdle(b *bench) error {
	h, err := b.idle()
	if err != nil {
		return err
	}
	b.end()
	return h.exits("when the server is gone")
}

func endQueued(b *bench) error {
	h, c, err := b.ahead()
	if err != nil {
		return err
	}
	b.end()
	if err := c.ends(); err != nil {
		return err
	}
	if err := h.thaw(); err != nil {
		return err
	}
	gone := h.exits
	if b.kind == sharedsocket.Stream { // a worker that accepts cannot know; the kernel kills it with a server that dies
		gone = func(string) error { return h.idles() }
	}
	if err := gone("when the server is gone"); err != nil {
		return err
	}
	if h.count() > 1 {
		return errors.New("it runs what was left in the queue")
	}
	return nil
}

func endRunning(b *bench) error {
	h, _, err := b.running()
	if err != nil {
		return err
	}
	b.end()
	if err := h.thaw(); err != nil {
		return err
	}
	return h.exits("after the request that it ran when the server went")
}
