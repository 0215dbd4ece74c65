package entry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strconv"

	"github.com/rip-server/rip-server/internal/http1"
)

// errShorter is that a file has lost bytes that the client was promised.
var errShorter = errors.New("became shorter while it was sent")

// fileRequest returns the request as far as it matters for a file. Conditions
// and ranges are for methods that read (RFC 9110 sections 13.1 and 14.2).
func (c *conn) fileRequest() *http.Request {
	r := &http.Request{Method: http.MethodGet, Header: http.Header{}}
	if c.answer.head {
		r.Method = http.MethodHead
	}
	if c.request.Chunked || c.request.ContentLength > 0 || string(c.method) != r.Method {
		return r // also, a body was read to where the fields were
	}
	for i := range c.request.Fields {
		switch f := &c.request.Fields[i]; f.ID {
		case http1.FieldRange:
			// Of other units, and with HEAD, it is to be ignored.
			if unit, set, found := bytes.Cut(f.Value, []byte("=")); found && !c.answer.head && http1.EqualFold(unit, "bytes") {
				r.Header.Add("Range", "bytes="+string(set))
			}
		case http1.FieldIfRange, http1.FieldIfMatch, http1.FieldIfNoneMatch,
			http1.FieldIfModifiedSince, http1.FieldIfUnmodifiedSince:
			r.Header.Add(f.ID.String(), string(f.Value))
		}
	}
	return r
}

// fileWriter writes the response of http.ServeContent to a connection.
type fileWriter struct {
	c        *conn
	file     *os.File
	header   http.Header
	encoding string // Content-Encoding of the file
	status   int    // to send instead of 200, 0 = none
	err      error
}

func newFileWriter(c *conn, file *os.File) *fileWriter {
	return &fileWriter{c: c, file: file, header: http.Header{}}
}

// serve answers a request with the file: with ranges and conditions (RFC 9110
// sections 13 and 14) as http.ServeContent implements them.
func (w *fileWriter) serve(r *http.Request, info fs.FileInfo) error {
	if w.header.Get("ETag") == "" {
		w.header.Set("ETag", fmt.Sprintf("\"%x-%x\"", info.ModTime().UnixNano(), info.Size()))
	}
	http.ServeContent(w, r, "", info.ModTime(), w.file)
	if errors.Is(w.err, io.ErrUnexpectedEOF) || w.err == nil && w.c.answer.left > 0 {
		w.err = fmt.Errorf("%q %w", w.file.Name(), errShorter)
	}
	return w.err
}

func (w *fileWriter) Header() http.Header { return w.header }

func (w *fileWriter) WriteHeader(status int) {
	c, a := w.c, &w.c.answer
	if status == 200 && w.status != 0 {
		status = w.status
	}
	a.begun, a.file, a.framing = true, "", unframed
	length, err := strconv.ParseInt(w.header.Get("Content-Length"), 10, 64)
	switch {
	case status == 204: // which has no length at all (RFC 9110 section 8.6)
		w.header.Del("Content-Length")
	case a.head || !http1.BodyAllowed(nil, status):
	case err == nil:
		a.framing, a.left = framedByLength, length
	default: // a condition or range that fails; what http.ServeContent says of it is for nobody
		w.header.Del("Content-Type")
		w.header.Del("X-Content-Type-Options")
		w.header.Set("Content-Length", "0")
		a.framing, a.left = framedByLength, 0
	}
	c.closing()
	if w.encoding != "" && status < 300 {
		w.header.Set("Content-Encoding", w.encoding)
	}
	b := bytes.NewBuffer(http1.AppendStatusLine(c.out, status))
	_ = w.header.Write(b)
	c.out = b.Bytes()
	if w.header.Get("Date") == "" {
		c.out = c.e.clock.appendDate(c.out)
	}
	c.out = append(c.appendConnection(c.out), "\r\n"...)
	c.log.Status = status
	c.log.Type = string(mediaType([]byte(w.header.Get("Content-Type"))))
}

// Write implements io.Writer, for what is not a part of the file alone: a
// multipart body.
func (w *fileWriter) Write(b []byte) (int, error) {
	if !w.begin() || w.c.answer.left == 0 {
		return len(b), w.err
	}
	if w.err = w.c.flush(); w.err == nil {
		w.err = w.c.send(b)
	}
	return w.sent(int64(len(b)))
}

// ReadFrom implements io.ReaderFrom: a part of the file is sent without being
// copied through this process.
func (w *fileWriter) ReadFrom(r io.Reader) (int64, error) {
	limited, ok := r.(*io.LimitedReader)
	if !ok || limited.R != io.Reader(w.file) {
		return io.Copy(struct{ io.Writer }{w}, r)
	}
	from, err := w.file.Seek(0, io.SeekCurrent)
	if err != nil {
		w.err = err
	}
	if !w.begin() {
		return limited.N, w.err
	}
	if w.err = w.c.flush(); w.err == nil {
		w.err = w.c.sendFile(w.file, from, limited.N)
	}
	n, err := w.sent(limited.N)
	return int64(n), err
}

// begin makes sure that the head is out, and tells whether a body is wanted.
func (w *fileWriter) begin() bool {
	if !w.c.answer.begun {
		w.WriteHeader(200)
	}
	return w.err == nil && w.c.answer.framing != unframed
}

func (w *fileWriter) sent(n int64) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	w.c.answer.left -= n
	w.c.log.Length += n
	return int(n), nil
}
