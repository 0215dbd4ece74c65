package manager

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
)

// call is a request and its reply.
type call struct {
	x    sharedsocket.Exchange
	body bytes.Buffer
	err  error
	done chan struct{}
}

func (c *call) Take(r sharedsocket.Reply) <-chan struct{} {
	c.body.Write(r.Body)
	if r.Final {
		c.err = r.Err
		close(c.done)
	}
	return nil
}

// ask sends a request, whose label is its body.
func (a *app) ask(body string) *call {
	c := &call{done: make(chan struct{})}
	head := fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", len(body))
	c.x = sharedsocket.Exchange{Head: len(head), Label: body, Sink: c}
	c.x.Record = append(append(make([]byte, wire.RequestPrefix), head...), body...)
	if err := a.socket.Submit(&c.x); err != nil {
		c.err = err
		close(c.done)
	}
	return c
}

// answer waits for the reply.
func (a *app) answer(c *call) (string, error) {
	a.t.Helper()
	select {
	case <-c.done:
	case <-time.After(patience):
		a.fatal("no answer to " + c.x.Label)
	}
	return c.body.String(), c.err
}

// want sends a request and expects an answer that begins like that.
func (a *app) want(body, prefix string) {
	a.t.Helper()
	got, err := a.answer(a.ask(body))
	if err != nil || !strings.HasPrefix(got, prefix) {
		a.t.Errorf("%q was answered %q, %v; want %q", body, got, err, prefix)
	}
}

// taken waits until a worker runs the request with that label.
func (a *app) taken(label string) Worker {
	a.t.Helper()
	var taker Worker
	a.until(label+" is taken", func() bool {
		for _, w := range a.Workers() {
			if w.Request == label {
				taker = w
				return true
			}
		}
		return false
	})
	return taker
}

// steady has clients that ask without a pause until stop is called.
func (a *app) steady(clients int) (stop func()) {
	var all sync.WaitGroup
	stopped := make(chan struct{})
	for range clients {
		all.Go(func() {
			for {
				select {
				case <-stopped:
					return
				default:
				}
				if _, err := a.answer(a.ask("sleep 1")); err != nil {
					a.t.Error(err)
					return
				}
			}
		})
	}
	return func() {
		close(stopped)
		all.Wait()
	}
}
