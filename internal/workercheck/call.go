package workercheck

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
)

// call is one request and its reply.
type call struct {
	b      *bench
	x      sharedsocket.Exchange
	what   string // the request line, for messages
	method string
	sent   []byte // the body
	done   chan struct{}
	pause  time.Duration // what the client does before it takes the second part

	mu    sync.Mutex
	heads []byte
	body  []byte
	parts int
	first time.Time
	last  time.Time
	err   error
}

// request is what is asked for.
type request struct {
	method, target string
	fields         string // whole lines
	body           []byte
	chunk          bool // the body goes into a file, whatever its size
}

// ask submits a request.
func (b *bench) ask(r request) (*call, error) {
	c, err := b.prepare(r)
	if err != nil {
		return nil, err
	}
	return c, b.submit(c)
}

func (b *bench) prepare(r request) (*call, error) {
	c := &call{b: b, what: r.method + " " + r.target, method: r.method, sent: r.body, done: make(chan struct{})}
	head := r.method + " " + r.target + " HTTP/1.1\r\nHost: check.test\r\n" + r.fields +
		"X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Request-Id: check\r\n"
	if r.body != nil {
		head += "Content-Length: " + strconv.Itoa(len(r.body)) + "\r\n"
	}
	head += "\r\n"
	rest := r.body
	if len(rest) > wire.MaxInlineBody || r.chunk {
		file := filepath.Join(b.dir, "body-"+strconv.Itoa(len(rest)))
		if err := os.WriteFile(file, rest, 0o600); err != nil {
			return nil, err
		}
		c.x.BodyFile, rest = true, []byte(file)
	}
	c.x.Head, c.x.Label, c.x.Sink = len(head), c.what, c
	c.x.Record = append(append(make([]byte, wire.RequestPrefix), head...), rest...)
	return c, nil
}

func (b *bench) submit(c *call) error {
	if err := b.socket.Submit(&c.x); err != nil {
		return fmt.Errorf("%s: %w", c.what, err)
	}
	b.asked++
	return nil
}

// Take implements sharedsocket.Sink.
func (c *call) Take(r sharedsocket.Reply) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.parts == 0 {
		c.first = time.Now()
	}
	c.last = time.Now()
	c.parts++
	c.heads = append(c.heads, r.Head...)
	c.body = append(c.body, r.Body...)
	if r.Final {
		c.err = r.Err
		close(c.done)
		return nil
	}
	if c.pause > 0 && c.parts == 1 {
		room := make(chan struct{})
		time.AfterFunc(c.pause, func() { close(room) })
		return room
	}
	return nil
}

func (c *call) isDone() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// ends waits for the end of the reply, whatever it is.
func (c *call) ends() error {
	// A worker that hangs is found out by the shared socket a little later.
	limit := time.NewTimer(2*c.b.o.Timeout + queueTimeout)
	defer limit.Stop()
	select {
	case <-c.done:
		return nil
	case <-c.b.ctx.Done():
		return c.b.ctx.Err()
	case <-limit.C:
		return fmt.Errorf("%s: no answer", c.what)
	}
}

// answered waits for the reply, which must be a whole one.
func (c *call) answered() error {
	if err := c.ends(); err != nil {
		return err
	}
	if errors.Is(c.err, sharedsocket.ErrQueueTimeout) {
		return fmt.Errorf("%s: nobody took it, or who took it did not claim it", c.what)
	}
	if c.err != nil {
		return fmt.Errorf("%s: %w", c.what, c.err)
	}
	if why := c.malformed(); why != "" {
		return fmt.Errorf("%s: the reply %s", c.what, why)
	}
	if c.x.Took == 0 && c.b.kind == sharedsocket.Stream {
		if c.promised() {
			return nil
		}
		return fmt.Errorf("%s: the reply has no field Rip-Stats, neither in its head nor in a trailer", c.what)
	}
	if why := implausible(c.x.Took, c.x.Finished, c.x.CPU); why != "" {
		return fmt.Errorf("%s: the worker says that %s", c.what, why)
	}
	if c.x.Took+uint64(slack) < c.x.Submitted {
		return fmt.Errorf("%s: the worker says that it took the request before it was sent", c.what)
	}
	return nil
}

// mostAtOnce is what a worker sends together with the head.
const mostAtOnce = 32 << 10

// promised tells whether the reply has a length that was told before it was
// complete: no trailer can say then what only the end of the request shows.
func (c *call) promised() bool {
	return len(c.body) > mostAtOnce && bytes.Contains(bytes.ToLower(c.heads), []byte("\r\ncontent-length:"))
}

// malformed returns what is wrong with the message.
func (c *call) malformed() string {
	heads := c.heads
	for {
		var r http1.Response
		n, err := r.Parse(heads, http1.Limits{Head: wire.MaxRecord, Fields: 1000})
		switch {
		case err != nil:
			return "has a malformed head: " + err.Error()
		case n == 0:
			return "has a head without an end"
		case r.Status == 101:
			return "has the status 101, which nobody asked for"
		case r.Status < 200:
			heads = heads[n:]
			continue
		case n < len(heads):
			return "has a second head"
		case c.method == "HEAD" || !http1.BodyAllowed(nil, r.Status):
			return ""
		case r.ContentLength >= 0 && r.ContentLength != int64(len(c.body)):
			return fmt.Sprintf("has a Content-Length of %d and a body of %d bytes", r.ContentLength, len(c.body))
		case r.Chunked && c.b.kind == sharedsocket.Seqpacket:
			return "says that it is chunked, which no record is"
		}
		return ""
	}
}

// echoes tells whether the reply is, or names, the body that was sent.
func (c *call) echoes() bool {
	sum := sha256.Sum256(c.sent)
	return bytes.Equal(c.body, c.sent) || bytes.Contains(c.body, []byte(hex.EncodeToString(sum[:])))
}
