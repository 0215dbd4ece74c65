package worker

import (
	"fmt"
	"net/http"
	"os"
	"runtime/debug"

	"github.com/rip-server/rip-server/internal/wire"
)

// App is a handler with more to it, for programs that run code which is not
// their own: an interpreter of another language, say. Reload and After are
// called by the goroutine that calls the handler, and by a worker alone: not in
// a program that rip-server has not started.
type App struct {
	Handler http.Handler // nil = http.DefaultServeMux

	// Reload, when it is not nil, is called before each request where changed
	// code is to come in with the next one (--hot-reload=module). It should look
	// at its files every 100 ms at most, and return
	//   - false and nil when they have not changed,
	//   - true when the requests from this one on run the new code,
	//   - an error, once, when the new code does not run and the old one goes on.
	//     The server is told its text, which should have file and line.
	// After --max-reloads reloads the worker is replaced.
	Reload func() (loaded bool, err error)

	// After, when it is not nil, is called when the reply to a request has been
	// sent as a whole, before the worker takes another one. If it takes longer
	// than a request may, the worker is ended.
	After func()
}

// renew brings changed code in.
func (w *worker) renew() {
	if w.app.Reload == nil || !w.seat.hot {
		return
	}
	loaded, err := w.app.Reload()
	if err != nil {
		_ = w.tellError(err.Error())
	}
	if !loaded {
		return
	}
	w.reloads++
	w.seat.loaded(w.reloads)
	w.spent = w.spent || w.seat.reloads > 0 && w.reloads >= w.seat.reloads
	_ = w.tell(wire.Reply{Type: wire.TypeReloaded})
}

// tellError says why new code does not run.
func (w *worker) tellError(text string) error {
	text = text[:min(len(text), wire.MaxRecord-wire.ReplyPrefix)]
	if text == "" {
		text = "it does not run" // no text would mean that it does
	}
	b := make([]byte, wire.ReplyPrefix, wire.ReplyPrefix+len(text))
	r := wire.Reply{Type: wire.TypeReloaded}
	r.Put(b, 0)
	return sendRecord(w.seat.replies, append(b, text...))
}

// after gives the app its time between two requests.
func (w *worker) after() {
	if w.app.After == nil {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintf(os.Stderr, "panic after a request: %v\n%s", v, debug.Stack())
		}
	}()
	w.app.After()
}
