package jsworker

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/rip-server/rip-server/internal/quickjs"
	"github.com/rip-server/rip-server/internal/webapi"
)

var (
	errGone  = &quickjs.Error{Name: "AbortError", Message: "the client has gone"}
	errStuck = errors.New("the handler waits for something that cannot come any more, so there will be no response")
)

// exchange is a request and its response.
type exchange struct {
	app *app
	rw  http.ResponseWriter
	r   *http.Request

	began  bool // the head of the response is written
	dirty  bool // something was written that was not sent
	over   bool
	broken bool // the response is not complete
	left   bool // the client has gone
}

// serve runs a request.
func (a *app) serve(rw http.ResponseWriter, r *http.Request) {
	a.untend()
	url, err := webapi.RequestURL(r)
	if err != nil {
		http.Error(rw, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	body, err := a.body(r)
	if err != nil {
		fmt.Fprintf(a.stderr, "the body of %s %s: %v\n", r.Method, r.RequestURI, err)
		http.Error(rw, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	x := &exchange{app: a, rw: rw, r: r}
	a.count++
	a.current = x
	result, err := a.engine.Call(a.run, quickjs.Undefined, r.Method, url, headOf(r), body)
	body.Free()
	result.Free()
	if err != nil {
		x.threw(err)
	}
	if err := a.engine.RunJobs(); err != nil {
		x.threw(err)
	}
	a.unhandled()
	for !x.over {
		if !a.turn(x) && !x.over {
			x.threw(errStuck)
		}
	}
	a.current = nil
	if x.broken {
		panic(http.ErrAbortHandler)
	}
}

// body returns the body of a request as an ArrayBuffer, null when there is none.
func (a *app) body(r *http.Request) (quickjs.Value, error) {
	if r.ContentLength <= 0 {
		return a.engine.Value(quickjs.Null{})
	}
	return a.engine.Buffer(int(r.ContentLength), func(to []byte) error {
		_, err := io.ReadFull(r.Body, to)
		return err
	})
}

// reply writes the head of the response, and its body unless it is a stream.
func (x *exchange) reply(status int, head string, body quickjs.Value) (left int, err error) {
	known := body.IsNull() || body.IsString() || body.IsBytes()
	if err := setFields(x.rw.Header(), head, !known || x.r.Method == http.MethodHead); err != nil {
		return bodyDrop, err
	}
	x.began = true
	x.rw.WriteHeader(status)
	switch {
	case !known && x.r.Method == http.MethodHead:
		left = bodyDrop
	case !known:
		return bodyPump, nil
	case body.IsString():
		_, _ = io.WriteString(x.rw, body.String())
	case body.IsBytes():
		_, _ = x.rw.Write(body.View())
	}
	x.over = true
	return left, nil
}

// write sends a part of a body that is a stream, at the latest when there is
// nothing else to do.
func (x *exchange) write(b []byte) error {
	x.dirty = true
	_, err := x.rw.Write(b)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, http.ErrContentLength), errors.Is(err, http.ErrBodyNotAllowed):
		return err // the app's mistake
	}
	x.left = true
	return errGone
}

func (x *exchange) flush() {
	if x.began && x.dirty {
		x.dirty = false
		_ = http.NewResponseController(x.rw).Flush()
	}
}

// threw ends the request after an error that the app has not caught.
func (x *exchange) threw(err error) {
	text := err.Error()
	if thrown := (*quickjs.Error)(nil); errors.As(err, &thrown) {
		x.app.hung(thrown)
		text = x.app.trace.text(thrown)
	}
	if !x.left {
		fmt.Fprintf(x.app.stderr, "exception in %s %s\n%s\n", x.r.Method, x.r.RequestURI, text)
	}
	if x.over {
		return
	}
	x.over = true
	if x.began || x.left {
		x.broken = true
		return
	}
	clear(x.rw.Header())
	http.Error(x.rw, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}

// parted tells the app that nobody waits for the response any more.
func (x *exchange) parted() {
	if x.left {
		return
	}
	x.left = true
	r, err := x.app.engine.Call(x.app.gone, quickjs.Undefined)
	r.Free()
	if err != nil {
		x.threw(err)
	}
	x.app.runJobs()
}
