package worker

import (
	"fmt"
	"net/http"
	"os"
)

// finish ends the reply of a handler that returned.
func (r *response) finish() {
	if r.status == 0 {
		r.writeHead(http.StatusOK)
	}
	if r.oversize {
		fmt.Fprintln(os.Stderr, errHead)
		r.fail()
		return
	}
	short := r.hasBody() && r.written < r.length
	_ = r.send(true, short || r.torn)
}

// fail ends the reply of a handler that panicked.
func (r *response) fail() {
	if r.sent {
		r.abort()
		return
	}
	r.restart()
	http.Error(r, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	r.finish()
}

// refuse answers a request that net/http would not give to a handler.
func (r *response) refuse() {
	http.Error(r, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
	r.finish()
}

// abort ends the reply so that the client sees it as incomplete.
func (r *response) abort() {
	if !r.sent {
		// The server wants a head. This one promises what never comes.
		r.restart()
		r.writeHead(http.StatusInternalServerError)
		r.length = 1
	}
	r.end = r.body
	_ = r.send(true, true)
}

// close takes the response away from whoever still has it. It returns why the
// reply could not be sent.
func (r *response) close() error {
	r.w = nil
	return r.err
}
