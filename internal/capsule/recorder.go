package capsule

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rip-server/rip-server/internal/manager"
	"github.com/rip-server/rip-server/internal/sharedsocket"
)

const (
	// patience is how long one half waits for the other: the slowest is a
	// worker that is asked for its stacks before it is killed.
	patience = 10 * time.Second

	maxWaiting = 32 // halves that wait for the other at one time
)

// Recorder makes capsules of requests and crashes, one after the other in a
// goroutine of its own, so that nobody waits for the disk. In a storm of
// crashes some are dropped.
type Recorder struct {
	store  *Store
	server Server
	log    *slog.Logger
	halves chan half
	done   chan struct{}

	waiting []half // the oldest first
}

// half is one half of a capsule.
type half struct {
	worker  int
	request string
	came    time.Time

	message *message
	crash   *manager.Crash
}

// message is a request as a worker got it.
type message struct {
	head, body []byte
	file       *os.File // in place of body
	age        time.Duration
	attempt    int
	ended      string
}

func (h half) close() {
	if h.message != nil && h.message.file != nil {
		h.message.file.Close()
	}
}

// NewRecorder returns a recorder that keeps capsules in a store.
func NewRecorder(store *Store, server Server, log *slog.Logger) *Recorder {
	r := &Recorder{store: store, server: server, log: log, halves: make(chan half, maxWaiting), done: make(chan struct{})}
	go r.run()
	return r
}

// Died takes the request of an exchange whose worker died or hung, see
// sharedsocket.Config. A body in a file is kept open: the file is removed soon.
func (r *Recorder) Died(x *sharedsocket.Exchange, err error) {
	head, body, path := x.Message()
	m := &message{
		head: bytes.Clone(head), body: bytes.Clone(body), ended: Died,
		age: time.Duration(sharedsocket.Now() - x.Submitted), attempt: int(x.Attempt),
	}
	if errors.Is(err, sharedsocket.ErrTimeout) {
		m.ended = Hung
	}
	label := strings.Clone(x.Label) // x will be used for other requests
	if path != "" {
		if m.file, err = os.Open(path); err != nil {
			r.log.Warn("no capsule is made, the body of the request is gone", "request", label, "error", err)
			return
		}
	}
	r.put(half{worker: x.Worker, request: label, message: m})
}

// Crashed takes the end of a worker, see manager.Config.
func (r *Recorder) Crashed(c manager.Crash) {
	r.put(half{worker: c.Worker, request: c.Request, crash: &c})
}

func (r *Recorder) put(h half) {
	h.came = time.Now()
	select {
	case r.halves <- h:
	default:
		h.close()
		r.log.Warn("too many crashes at a time: no capsule is made", "request", h.request)
	}
}

// Close returns when everything that came is written. Nothing may come after it.
func (r *Recorder) Close() {
	close(r.halves)
	<-r.done
}

func (r *Recorder) run() {
	defer close(r.done)
	ticker := time.NewTicker(patience / 4)
	defer ticker.Stop()
	for {
		select {
		case h, open := <-r.halves:
			if !open {
				r.forget(time.Now())
				return
			}
			r.join(h)
		case now := <-ticker.C:
			r.forget(now.Add(-patience))
		}
	}
}

// join writes a capsule when the other half is there.
func (r *Recorder) join(h half) {
	i := slices.IndexFunc(r.waiting, func(o half) bool {
		return o.worker == h.worker && o.request == h.request && (o.crash == nil) != (h.crash == nil)
	})
	if i < 0 {
		if len(r.waiting) == maxWaiting {
			r.waiting[0].close()
			r.waiting = slices.Delete(r.waiting, 0, 1)
		}
		r.waiting = append(r.waiting, h)
		return
	}
	other := r.waiting[i]
	r.waiting = slices.Delete(r.waiting, i, i+1)
	if h.crash == nil {
		h.crash = other.crash
	} else {
		h.message = other.message
	}
	r.write(h.message, h.crash)
	h.close()
}

// forget drops what came before a time. The other half of a request does not
// come when its worker was killed for other reasons, such as a restart.
func (r *Recorder) forget(before time.Time) {
	n := 0
	for n < len(r.waiting) && r.waiting[n].came.Before(before) {
		r.waiting[n].close()
		n++
	}
	r.waiting = slices.Delete(r.waiting, 0, n)
}

func (r *Recorder) write(m *message, crash *manager.Crash) {
	c := &Capsule{
		Time: time.Now(), Server: r.server,
		Request: crash.Request, Attempt: m.attempt, BodyLength: int64(len(m.body)),
		Age:   m.age.Seconds(),
		Ended: m.ended, How: crash.How, Signal: crash.Signal, ExitStatus: crash.Status,
		CPU: crash.CPU.Seconds(), Printed: crash.Printed,
		Worker: crash.Worker, PID: crash.PID, Generation: crash.Generation, Before: crash.Requests,
	}
	c.Method, c.Target = requestLine(m.head)
	with := contents{head: m.head, body: bytes.NewReader(m.body), output: crash.Output, stacks: crash.Stacks}
	if m.file != nil {
		with.body = io.NewSectionReader(m.file, 0, 1<<62)
		if info, err := m.file.Stat(); err == nil {
			c.BodyLength = info.Size()
		}
	}
	if err := r.store.add(c, with); err != nil {
		r.log.Warn("a capsule cannot be written", "request", c.Request, "error", err)
		return
	}
	r.log.Info("capsule kept", "request", c.Request, "replay", "rip-server replay "+c.ID)
}

func requestLine(head []byte) (method, target string) {
	line, _, _ := bytes.Cut(head, []byte("\r\n"))
	parts := bytes.SplitN(line, []byte(" "), 3)
	if len(parts) < 3 {
		return "", ""
	}
	return string(parts[0]), string(parts[1])
}
