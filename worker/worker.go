// Package worker makes an http.Handler a worker of rip-server: a process that
// takes one request at a time from the socket that all workers of an app
// share.
//
//	func main() {
//		if err := worker.Serve(handler); err != nil {
//			log.Fatal(err)
//		}
//	}
//
// A handler finds what net/http would give it, with these differences:
//
//   - While it runs the process takes no other request.
//   - The body of the request has arrived whole before the handler is called,
//     so reading it never waits for a client. It can be read and the reply be
//     written in any order.
//   - What it writes is kept until it is 128 KiB, until it flushes
//     (http.Flusher) or until it returns.
//   - RemoteAddr is the peer of the server, with port 0; TLS is nil.
//   - Trailers, Hijack and deadlines of http.ResponseController are not
//     supported.
//   - The context of the request is cancelled within a tenth of a second
//     after the client has gone, and when the handler returns. Writing then
//     returns an error.
//
// The protocol between server and worker is described in
// docs/worker-protocol.md.
package worker

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/wire"
)

// Serve serves requests with handler, http.DefaultServeMux when it is nil.
//
// Started by rip-server it returns nil when the server told this worker to
// leave, or is gone; no handler runs then, and the program should exit soon.
// Started in any other way it serves HTTP on $PORT of 127.0.0.1 (8080 when
// that is not set), many requests at once as net/http does, until it is
// interrupted or fails, so that the program can be debugged.
//
// A panic of the handler is answered with status 500 when nothing of the
// reply was sent, and else ends the reply so that the client sees it as
// incomplete. The stack goes to standard error and the worker lives on. After
// http.ErrAbortHandler the client gets an incomplete reply, silently.
func Serve(handler http.Handler) error { return App{Handler: handler}.Serve() }

// Serve is like the function Serve, for an App.
func (a App) Serve() error {
	if a.Handler == nil {
		a.Handler = http.DefaultServeMux
	}
	if os.Getenv(wire.EnvProtocol) == "" {
		return serveAlone(a.Handler)
	}
	seat, err := takeSeat(os.Getenv)
	if err != nil {
		return fmt.Errorf("start as a worker: %w", err)
	}
	w := newWorker(seat, a)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT) // before the worker says that it is ready
	go w.obey(signals)
	go w.work()
	return <-w.over
}

// What a worker is doing, for the signal handler. The server never learns of
// these: it goes by the row.
const (
	free int32 = iota // it holds no request
	busy              // it holds one, or looks whether it may
	left              // it takes nothing more
)

var errServerGone = errors.New("the server is gone")

// worker runs requests one after another. Except for the first group its
// fields belong to the goroutine of work.
type worker struct {
	state atomic.Int32
	stop  atomic.Bool // leave as soon as free
	over  chan error  // what Serve returns; has room for everybody who may say so

	seat      *seat
	app       App
	clock     clock
	announced bool
	watching  bool
	done      uint64 // requests run
	reloads   uint64
	spent     bool
	yielded   uint64 // when others were last given a turn
	took      uint64 // when the request was taken
	began     uint64 // CPU time of the process by then
	finished  uint64 // when the last request was finished
	cpu       uint64 // CPU time of the process by then

	head http1.Request // room for parsing
	out  []byte        // room for the part of a reply that is being made
	part part          // the part of a reply that is being sent
	to   replier       // where replies to the request go
	keys []string      // room for sorting the fields of a reply

	remote string // the last RemoteAddr
}

func newWorker(s *seat, a App) *worker {
	return &worker{
		over:  make(chan error, 3),
		seat:  s,
		app:   a,
		clock: newClock(),
		out:   make([]byte, wire.MaxRecord),
	}
}

// work takes requests until the worker has to leave. A handler that ends its
// goroutine (runtime.Goexit) ends this one; another goes on.
func (w *worker) work() {
	// This goroutine is not locked to its thread: a handler that waits for
	// another goroutine would pay for it with two switches of threads.
	finished := false
	defer func() {
		if !finished {
			go w.work()
		}
	}()
	take := w.takeRecords
	if w.seat.stream {
		take = w.takeConnections
	}
	err := w.announce()
	if err == nil {
		err = take()
	}
	if errors.Is(err, errServerGone) {
		err = nil
	}
	finished = true
	w.over <- err
}

// announce says that the app is loaded, once.
func (w *worker) announce() error {
	if w.announced {
		return nil
	}
	w.announced = true
	return w.tell(wire.Reply{Type: wire.TypeReady})
}

// obey ends the worker at SIGTERM: at once when it is free, after its request
// otherwise. SIGINT is the server's affair: a terminal sends it to everybody.
func (w *worker) obey(signals <-chan os.Signal) {
	for s := range signals {
		if s == syscall.SIGTERM {
			w.leave()
		}
	}
}

// leave ends the worker as soon as it is free.
func (w *worker) leave() {
	w.stop.Store(true)
	if w.state.CompareAndSwap(free, left) {
		w.over <- nil
	}
}

// mayTake waits until the worker may take a request. It returns false when it
// never will again.
func (w *worker) mayTake() bool {
	if w.stop.Load() || w.seat.leaving() {
		return false
	}
	if w.spent {
		awaitHangUp(w.seat.replies)
	}
	return !w.spent
}

// claim says in the row that this worker runs the request, and looks then
// whether it still may: the server writes the ledger first and reads the row
// then, so one of both sees the other (docs/worker-protocol.md, claim then
// look). It returns false when the request must not be run here.
func (w *worker) claim(x *exchange) bool {
	if !w.state.CompareAndSwap(free, busy) {
		return false
	}
	w.seat.claim(x.id)
	if (x.direct || w.seat.wanted(x.slot, x.id)) && !w.seat.leaving() && !w.seat.serverGone() {
		return true
	}
	w.seat.claim(0)
	w.state.Store(free)
	return false
}

// giveBack returns a request that was received and not run.
func (w *worker) giveBack(slot uint32, id uint64) error {
	return w.tell(wire.Reply{Type: wire.TypeGivenBack, Slot: slot, ID: id})
}

// release ends a claim after the request was run.
func (w *worker) release() {
	w.seat.finished(w.done)
	w.state.Store(free)
}

// tell sends a record that has neither head nor body.
func (w *worker) tell(r wire.Reply) error {
	var b [wire.ReplyPrefix]byte
	r.Put(b[:], 0)
	return sendRecord(w.seat.replies, b[:])
}
