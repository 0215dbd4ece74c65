package workercheck

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// Limits of the shared socket. They are far beyond what a check takes, but for
// the first: a worker that drops what it was sent is found out by it.
const (
	queueTimeout = 5 * time.Second
	maxQueue     = 1000
)

// bench is one shared socket and the workers that a check hires for it.
type bench struct {
	ctx    context.Context
	o      Options
	kind   sharedsocket.Type
	dir    string // for the socket and for bodies
	socket *sharedsocket.Socket
	over   bool   // the socket is closed
	asked  uint64 // requests that were sent

	mu    sync.Mutex // guards hands from those who hear records
	hands []*hand
}

func open(ctx context.Context, kind sharedsocket.Type, o Options) (*bench, error) {
	b := &bench{ctx: ctx, o: o, kind: kind}
	var err error
	if b.dir, err = os.MkdirTemp("", "rip-"); err != nil {
		return nil, err
	}
	b.socket, err = sharedsocket.New(sharedsocket.Config{
		Type: kind, Path: filepath.Join(b.dir, "socket"),
		MaxQueue: maxQueue, QueueTimeout: queueTimeout, RequestTimeout: o.Timeout,
		Name: o.Name, Dir: o.Dir, ReadTimeout: o.ReadTimeout, Meter: true,
		Heard: b.heard, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		os.RemoveAll(b.dir)
		return nil, fmt.Errorf("make the shared socket: %w", err)
	}
	return b, nil
}

// close ends what is left of the workers, and removes everything.
func (b *bench) close() {
	for _, h := range b.hands {
		h.end()
	}
	b.end()
	os.RemoveAll(b.dir)
}

// end closes the socket as the end of a server does.
func (b *bench) end() {
	if !b.over {
		b.over = true
		_ = b.socket.Close() // its file is removed with the folder
	}
}

// hire starts a worker and waits until it is ready.
func (b *bench) hire(env ...string) (*hand, error) {
	h, err := b.start(env...)
	if err != nil {
		return nil, err
	}
	return h, h.becomesReady()
}

func (b *bench) heard(worker int, record []byte) {
	b.mu.Lock()
	h := b.hands[worker-1]
	b.mu.Unlock()
	h.note(record)
}

// settled returns what is wrong when all requests of a check are answered.
func (b *bench) settled() error {
	for _, h := range b.hands {
		if err := h.settled(); err != nil {
			return err
		}
	}
	return nil
}

// rather returns what a worker did wrong, which is likely why a check failed,
// or else the error.
func (b *bench) rather(err error) error {
	for _, h := range b.hands {
		if problem := h.problem(); problem != nil && !strings.Contains(err.Error(), problem.Error()) {
			return problem
		}
	}
	return err
}

// printed returns the last lines that workers printed.
func (b *bench) printed() string {
	text := ""
	if b != nil {
		for _, h := range b.hands {
			text += h.out.String()
		}
	}
	return text
}

// errLate is that something did not come in time.
var errLate = errors.New("not in time")

// await waits until a condition holds, or a worker has done something wrong.
func (b *bench) await(holds func() bool) error {
	for end := time.Now().Add(b.o.Timeout); !holds(); time.Sleep(time.Millisecond) {
		if b.ctx.Err() != nil {
			return b.ctx.Err()
		}
		for _, h := range b.hands {
			if err := h.problem(); err != nil {
				return err
			}
		}
		if time.Now().After(end) {
			return errLate
		}
	}
	return nil
}
