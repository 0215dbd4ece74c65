package entry

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rip-server/rip-server/internal/http1"
)

// sendPiece is how much of a file is given to sendfile(2) at once; the write
// deadline runs anew for each.
const sendPiece = 512 << 10

func resolveRoots(roots []string) ([]string, error) {
	var resolved []string
	for _, root := range roots {
		r, err := filepath.EvalSymlinks(root)
		if err != nil {
			return nil, fmt.Errorf("folder for file replies: %w", err)
		}
		if r, err = filepath.Abs(r); err != nil {
			return nil, err
		}
		resolved = append(resolved, r)
	}
	return resolved, nil
}

// openReply opens the file that a worker named, if it lies in an allowed
// folder once all links are resolved.
func (e *Entry) openReply(name string) (*os.File, fs.FileInfo, error) {
	if !filepath.IsAbs(name) {
		return nil, nil, fmt.Errorf("%w: X-Sendfile %q is not an absolute path", errReply, name)
	}
	resolved, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: X-Sendfile: %v", errReply, err)
	}
	for _, root := range e.roots {
		rel, err := filepath.Rel(root, resolved)
		if err != nil || !filepath.IsLocal(rel) {
			continue
		}
		file, err := os.OpenInRoot(root, rel)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: X-Sendfile: %v", errReply, err)
		}
		info, err := file.Stat()
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("%q is not a regular file", name)
		}
		if err != nil {
			file.Close()
			return nil, nil, fmt.Errorf("%w: X-Sendfile: %v", errReply, err)
		}
		return file, info, nil
	}
	return nil, nil, fmt.Errorf("%w: X-Sendfile names a file outside the allowed folders", errReply)
}

// sendFile answers with a file that the worker named instead of a body, with
// ranges and conditions (RFC 9110 sections 13 and 14), as http.ServeContent
// implements them. The worker is free meanwhile.
func (c *conn) sendFile(name string, now time.Time) error {
	file, info, err := c.e.openReply(name)
	if err != nil {
		c.e.cfg.Log.Error("file reply refused", "error", err)
		return err
	}
	defer file.Close()
	w := &fileWriter{c: c, header: http.Header{}, now: now}
	for i := range c.resp.Fields {
		f := &c.resp.Fields[i]
		switch {
		case f.Hop, f.ID == http1.FieldContentLength, f.ID == http1.FieldXSendfile, f.ID == http1.FieldRipStats:
		default:
			w.header.Add(string(f.Name), string(f.Value))
		}
	}
	if w.header.Get("ETag") == "" {
		w.header.Set("ETag", fmt.Sprintf("\"%x-%x\"", info.ModTime().UnixNano(), info.Size()))
	}
	r := &http.Request{Method: http.MethodGet, Header: http.Header{}}
	if c.reply.head {
		r.Method = http.MethodHead
	}
	if c.resp.Status == 200 && !c.reply.hasBody {
		for i := range c.req.Fields {
			switch f := &c.req.Fields[i]; f.ID {
			case http1.FieldRange, http1.FieldIfRange, http1.FieldIfMatch, http1.FieldIfNoneMatch,
				http1.FieldIfModifiedSince, http1.FieldIfUnmodifiedSince:
				r.Header.Add(f.ID.String(), string(f.Value))
			}
		}
	} else {
		w.status = c.resp.Status
	}
	c.closing = c.closing || c.e.stopping.Load()
	http.ServeContent(w, r, "", info.ModTime(), file)
	if w.err == nil && w.left > 0 && !c.reply.head {
		w.err = fmt.Errorf("%q became shorter while it was sent", name)
	}
	return w.err
}

// fileWriter writes the response of http.ServeContent to the connection.
type fileWriter struct {
	c      *conn
	header http.Header
	now    time.Time
	status int   // to send instead of 200, 0 = none
	left   int64 // of the Content-Length
	err    error
}

func (w *fileWriter) Header() http.Header { return w.header }

func (w *fileWriter) WriteHeader(status int) {
	c := w.c
	if status == 200 && w.status != 0 {
		status = w.status
	}
	b := http1.AppendStatusLine(c.out, status)
	for name, values := range w.header {
		for _, v := range values {
			if http1.ValidFieldName(name) && http1.ValidFieldValue(v) {
				b = http1.AppendField(b, name, v)
			}
		}
	}
	if w.header.Get("Date") == "" {
		b = c.e.clock.appendDate(b, w.now)
	}
	length := w.header.Get("Content-Length")
	if length == "" && http1.BodyAllowed(nil, status) {
		// A worker's own Content-Encoding: http.ServeContent then says no length.
		c.closing, c.reply.untilEnd = true, true
	}
	_, _ = fmt.Sscan(length, &w.left)
	b = c.appendConnection(b)
	c.out = append(b, "\r\n"...)
	c.reply.begun = true
	c.reply.bodiless = c.reply.head || !http1.BodyAllowed(nil, status)
	c.log.Status = status
	c.log.Type, _, _ = strings.Cut(w.header.Get("Content-Type"), ";")
}

func (w *fileWriter) Write(b []byte) (int, error) {
	if !w.c.reply.begun {
		w.WriteHeader(200)
	}
	if w.err == nil && !w.c.reply.bodiless {
		if w.err = w.c.flush(); w.err == nil {
			w.err = w.c.write(b)
		}
	}
	if w.err != nil {
		return 0, w.err
	}
	w.sent(int64(len(b)))
	return len(b), nil
}

func (w *fileWriter) sent(n int64) {
	w.left -= n
	w.c.log.Length += n
}

// ReadFrom sends from a file without copying through this process.
func (w *fileWriter) ReadFrom(r io.Reader) (total int64, err error) {
	limited, ok := r.(*io.LimitedReader)
	direct, ok2 := w.c.nc.(io.ReaderFrom)
	if !ok || !ok2 || w.c.reply.bodiless {
		return io.Copy(struct{ io.Writer }{w}, r)
	}
	if w.err = w.c.flush(); w.err != nil {
		return 0, w.err
	}
	for limited.N > 0 {
		n, err := direct.ReadFrom(&io.LimitedReader{R: limited.R, N: min(limited.N, sendPiece)})
		limited.N -= n
		total += n
		w.sent(n)
		if err != nil {
			w.c.gone.Store(true)
			w.err = err
			return total, err
		}
		if n == 0 {
			break
		}
		w.c.progress()
	}
	return total, nil
}
