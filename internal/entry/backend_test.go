package entry

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
)

// backend stands for the shared socket and the workers behind it.
type backend struct {
	t      *testing.T
	handle func(*call)
	refuse error // what submit returns when it is set

	mu    sync.Mutex
	calls map[*sharedsocket.Exchange]*call // in flight
	all   sync.WaitGroup
}

func newBackend(t *testing.T, handle func(*call)) *backend {
	return &backend{t: t, handle: handle, calls: make(map[*sharedsocket.Exchange]*call)}
}

func (b *backend) submit(x *sharedsocket.Exchange) error {
	if b.refuse != nil {
		return b.refuse
	}
	c := &call{b: b, x: x, record: len(x.Record), withdrawn: make(chan struct{})}
	record := x.Record[wire.RequestPrefix:]
	c.head, c.body = string(record[:x.Head]), string(record[x.Head:])
	if x.BodyFile {
		c.file = c.body
		content, err := os.ReadFile(c.file)
		if err != nil {
			b.t.Error(err)
		}
		c.body = string(content)
	}
	x.Worker, x.Submitted, x.Took, x.Finished, x.CPU = 1, 1e6, 3e6, 7e6, 2e6
	b.mu.Lock()
	if b.calls[x] != nil {
		b.t.Error("an exchange was submitted that is in flight")
	}
	b.calls[x] = c
	b.mu.Unlock()
	b.all.Go(func() { b.handle(c) })
	return nil
}

func (b *backend) withdraw(x *sharedsocket.Exchange) {
	b.mu.Lock()
	c := b.calls[x]
	b.mu.Unlock()
	if c != nil {
		close(c.withdrawn)
	}
}

// wait waits until every handler has returned.
func (b *backend) wait() {
	b.all.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	for x := range b.calls {
		b.t.Errorf("%q got no final reply", x.Label)
	}
}

// call is a request that has reached the app.
type call struct {
	b         *backend
	x         *sharedsocket.Exchange
	head      string
	body      string
	file      string        // where the body was, "" = in the record
	record    int           // bytes of the record
	withdrawn chan struct{} // closed when the client is gone
}

// ok is the head that most tests answer with.
const ok = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"

// reply is the whole reply.
func (c *call) reply(head, body string) { c.final(head, body, nil) }

// end ends a reply that parts came of, or none.
func (c *call) end(err error) { c.final("", "", err) }

func (c *call) final(head, body string, err error) {
	c.b.mu.Lock()
	delete(c.b.calls, c.x)
	c.b.mu.Unlock()
	c.x.Sink.Take(sharedsocket.Reply{Head: []byte(head), Body: []byte(body), Final: true, Err: err})
}

// offer hands over a part that is not the last.
func (c *call) offer(head, body string) <-chan struct{} {
	return c.x.Sink.Take(sharedsocket.Reply{Head: []byte(head), Body: []byte(body)})
}

// part does so and waits, as a worker, until there is room for the next.
func (c *call) part(head, body string) {
	wait := c.offer(head, body)
	if wait == nil {
		return
	}
	select {
	case <-wait:
	case <-c.withdrawn:
	case <-time.After(patienceOfTests):
		c.b.t.Error("a worker waited in vain for room")
	}
}

// field returns the values of a field as the app received them.
func (c *call) field(name string) (values []string) {
	for line := range strings.SplitSeq(c.head, "\r\n") {
		if n, v, found := strings.Cut(line, ": "); found && strings.EqualFold(n, name) {
			values = append(values, v)
		}
	}
	return values
}

// pong answers every request alike.
func pong(c *call) { c.reply(ok, "pong") }

// echo answers with the head and the body as they were received.
func echo(c *call) { c.reply(ok, c.head+c.body) }

// untilWithdrawn is a worker that is busy for as long as somebody waits.
func untilWithdrawn(c *call) {
	<-c.withdrawn
	c.end(sharedsocket.ErrWithdrawn)
}

// ended is a context that is over.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
