package worker

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"unsafe"

	"github.com/rip-server/rip-server/internal/http1"
)

var (
	errLate = errors.New("worker: the handler has returned")
	errHead = errors.New("worker: the head of the reply is too large")
	errGone = errors.New("worker: the client has gone")
)

// response is the http.ResponseWriter.
type response struct {
	w   *worker // nil when the handler has returned
	x   *exchange
	err error // why the reply cannot be sent

	header  http.Header
	status  int    // 0 until there is a final one
	length  int64  // Content-Length by the handler, -1 = none
	written int64  // bytes of body by the handler
	file    string // sent by the server instead of a body

	bodiless bool // the request is HEAD
	sent     bool // the head is on its way
	oversize bool // the head is too large
	typed    bool // the handler said what the body is
	torn     bool // a piece of the body is missing

	fields int // where the fields end in worker.out
	body   int // where the body begins
	end    int // where the body ends so far
}

func (r *response) begin(w *worker, x *exchange) {
	r.w, r.x = w, x
	r.restart()
}

// restart forgets a reply of which nothing was sent.
func (r *response) restart() {
	r.header, r.oversize = nil, false
	r.status, r.length, r.written, r.file, r.torn = 0, -1, 0, "", false
	r.fields, r.body, r.end = margin, margin, margin
}

// Header implements http.ResponseWriter.
func (r *response) Header() http.Header {
	if r.header == nil {
		r.header = make(http.Header)
	}
	return r.header
}

// WriteHeader implements http.ResponseWriter. A status of 1xx is sent at once.
// As in net/http a second final status is ignored and an impossible one panics.
func (r *response) WriteHeader(status int) {
	if r.w == nil || r.status != 0 {
		return
	}
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("invalid WriteHeader code %v", status))
	}
	switch {
	case status == http.StatusContinue: // the body is here already
	case status < 200 && status != http.StatusSwitchingProtocols:
		r.sendInterim(status)
	default:
		r.writeHead(status)
	}
}

// writeHead puts the status line and the handler's fields into the buffer;
// what it changes in the header map from now on has no effect.
func (r *response) writeHead(status int) {
	r.status = status
	if r.hasBody() || r.bodiless && bodyAllowed(status) {
		if v := r.header.Get("Content-Length"); v != "" {
			if n, err := strconv.ParseInt(v, 10, 64); err == nil && n >= 0 {
				r.length = n
			}
		}
	}
	_, r.typed = r.header["Content-Type"]
	r.typed = r.typed || r.header.Get("Content-Encoding") != "" || !bodyAllowed(status)
	head, ok := r.w.appendHead(r.w.out[:margin], status, r.header)
	if !ok {
		r.oversize = true
		return
	}
	r.fields = len(head)
	r.body = r.fields + gap
	r.end = r.body
}

// hasBody reports whether a reply with this status to this request has a body.
func (r *response) hasBody() bool { return !r.bodiless && bodyAllowed(r.status) }

func bodyAllowed(status int) bool { return http1.BodyAllowed(nil, status) }

// admit decides whether n bytes of body may be written.
func (r *response) admit(n int) error {
	if r.w == nil {
		return errLate
	}
	if r.status == 0 {
		r.writeHead(http.StatusOK)
	}
	switch {
	case r.err != nil:
		return r.err
	case r.oversize:
		return errHead
	case n == 0:
		return nil
	case !bodyAllowed(r.status):
		return http.ErrBodyNotAllowed
	case r.length >= 0 && int64(n) > r.length-r.written:
		return http.ErrContentLength
	case r.file != "":
		return r.takeFileBack()
	}
	return nil
}

// Write implements io.Writer.
func (r *response) Write(b []byte) (int, error) {
	if err := r.admit(len(b)); err != nil {
		return 0, err
	}
	r.written += int64(len(b))
	if r.bodiless {
		// Counted for Content-Length, and a beginning kept for Content-Type.
		n := copy(r.w.out[r.end:r.body+max(sniffed, r.end-r.body)], b)
		r.end += n
		return len(b), nil
	}
	n := 0
	for n < len(b) {
		if r.end == outLimit {
			if err := r.pass(); err != nil {
				return n, err
			}
		}
		c := copy(r.w.out[r.end:outLimit], b[n:])
		r.end += c
		n += c
	}
	return n, nil
}

// WriteString implements io.StringWriter.
func (r *response) WriteString(s string) (int, error) {
	return r.Write(unsafe.Slice(unsafe.StringData(s), len(s)))
}

// ReadFrom implements io.ReaderFrom. It reads straight into the record, or
// lets the server send the file itself.
func (r *response) ReadFrom(src io.Reader) (n int64, err error) {
	if err := r.admit(0); err != nil {
		return 0, err
	}
	if n, ok := r.sendFile(src); ok {
		return n, nil
	}
	if r.file != "" {
		if err := r.takeFileBack(); err != nil {
			return 0, err
		}
	}
	if !r.hasBody() {
		return io.Copy(struct{ io.Writer }{r}, src)
	}
	for {
		if r.end == outLimit {
			if err := r.pass(); err != nil {
				return n, err
			}
		}
		c, err := src.Read(r.w.out[r.end:outLimit])
		if c > 0 {
			if err := r.admit(c); err != nil {
				return n, err
			}
			r.written += int64(c)
			r.end += c
			n += int64(c)
		}
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// Flush implements http.Flusher.
func (r *response) Flush() { _ = r.FlushError() }

// FlushError is Flush for http.ResponseController.
func (r *response) FlushError() error {
	if err := r.admit(0); err != nil {
		return err
	}
	if r.sent && (r.end == r.body || !r.hasBody()) || r.file != "" {
		return nil // a file goes with the last part
	}
	return r.pass()
}

// EnableFullDuplex is for http.ResponseController: it always is.
func (r *response) EnableFullDuplex() error { return nil }
