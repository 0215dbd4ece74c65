package worker

import (
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
)

// exchange is a request and its reply. It is one allocation and never used
// again, as a handler may keep parts of it.
type exchange struct {
	slot   uint32
	id     uint64
	direct bool   // it did not come from the server: there is nothing to claim
	took   uint64 // when
	cpu    uint64 // of the process by then

	body     body
	response response
	context  requestContext
	values   [12]string // room for the field values of most heads
}

// burst is how soon after a reply a request counts as following on it.
const burst = 50_000 // ns

// take notes when the request was taken. The CPU clock of a process is the
// dearest call of a whole request. In a burst the last reading is taken for
// it, so that what it cost to send one reply and receive the next request is
// reckoned to the latter; a worker that has slept reads it anew.
func (w *worker) take(x *exchange) {
	x.took = w.clock.now()
	x.cpu = w.cpu
	if x.took-w.finished > burst {
		x.cpu = processCPU()
	}
}

// finish notes when the request was finished.
func (w *worker) finish(p *part) {
	w.finished, w.cpu = w.clock.now(), processCPU()
	p.finished, p.cpu = w.finished, w.cpu-p.x.cpu
}

// run runs the handler for a claimed request, finishes the reply whatever the
// handler does, and ends the claim. It returns why the reply could not be sent.
func (w *worker) run(x *exchange, head []byte, to replier) (err error) {
	w.done++
	w.spent = w.seat.max > 0 && w.done >= w.seat.max
	x.response.begin(w, x, to)
	x.context.seat, x.context.slot, x.context.id = w.seat, x.slot, x.id
	defer func() {
		err = x.response.close()
		x.context.end()
		x.body.end()
		w.release()
	}()
	r, err := w.request(x, head)
	if err != nil {
		x.response.refuse()
		return nil
	}
	x.response.bodiless = r.Method == http.MethodHead
	w.handle(&x.response, r)
	return nil
}

func (w *worker) handle(rsp *response, r *http.Request) {
	returned := false
	defer func() {
		v := recover()
		switch {
		case returned:
			rsp.finish()
		case v == nil || v == http.ErrAbortHandler: // nil: the handler called runtime.Goexit
			rsp.abort()
		default:
			fmt.Fprintf(os.Stderr, "panic serving %s %s: %v\n%s", r.Method, r.RequestURI, v, debug.Stack())
			rsp.fail()
		}
	}()
	w.handler.ServeHTTP(rsp, r)
	returned = true
}
