package worker

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
)

// exchange is a request and its reply. It is one allocation and never used
// again, as a handler may keep parts of it.
type exchange struct {
	id     uint64
	slot   uint32
	direct bool // it did not come from the server: there is nothing to claim

	body     *body // nil when there is none
	response response
	context  requestContext
	request  http.Request
	url      url.URL
	values   [16]string // room for the field values of most heads
}

const (
	// burst is how soon after a reply a request counts as following on it.
	burst = 1_000_000 // ns

	// turn is how long the goroutine of work goes on without yielding.
	turn = 5_000_000 // ns
)

// take notes when the request was taken. The CPU clock of a process is the
// dearest call of a whole request. In a burst the last reading is taken for
// it, so that what it cost to send one reply and receive the next request is
// reckoned to the latter; a worker that has slept reads it anew.
func (w *worker) take() {
	w.took = w.clock.now()
	if w.took-w.yielded > turn {
		// A goroutine that has run for 10 ms, even if it slept in read(2) for
		// most of them, is asked by the runtime's monitor to yield: it loses its
		// processor in the next call, and the monitor looks at all of them every
		// 20 µs for a while.
		w.yielded = w.took
		runtime.Gosched()
	}
	if w.took-w.finished > burst {
		w.cpu = processCPU()
	}
	w.began = w.cpu
}

// finish notes when the request was finished. Where nobody reads what each
// request cost, a short one is taken to have kept one processor busy.
func (w *worker) finish(p *part) {
	w.finished = w.clock.now()
	if took := w.finished - w.took; took < burst && !w.seat.metered() {
		w.cpu += took
	} else {
		w.cpu = max(w.cpu, processCPU()) // what was reckoned may be more
	}
	p.took, p.finished, p.cpu = w.took, w.finished, w.cpu-w.began
}

// run runs the handler for a claimed request, finishes the reply whatever the
// handler does, and ends the claim. It returns why the reply could not be sent.
func (w *worker) run(x *exchange, head []byte, to replier) (err error) {
	w.done++
	w.spent = w.seat.max > 0 && w.done >= w.seat.max
	w.renew()
	w.to = to
	x.response.begin(w, x)
	x.context.seat, x.context.slot, x.context.id = w.seat, x.slot, x.id
	defer func() {
		err = x.response.close()
		x.context.end()
		if x.body != nil {
			x.body.end()
		}
		w.after()
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
	w.app.Handler.ServeHTTP(rsp, r)
	returned = true
}
