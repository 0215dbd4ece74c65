package webapi

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
)

// decoded returns the body of a response without its content codings. Its
// headers stay as they are, as with browsers. A body in a coding that is not
// known is returned as it came.
func decoded(r *http.Response) io.ReadCloser {
	codings := strings.Split(strings.ToLower(strings.Join(r.Header.Values("Content-Encoding"), ",")), ",")
	body := r.Body
	for i := len(codings) - 1; i >= 0; i-- {
		switch strings.TrimSpace(codings[i]) {
		case "gzip", "x-gzip":
			body = &decoder{encoded: body, open: openGzip}
		case "deflate":
			body = &decoder{encoded: body, open: openDeflate}
		case "", "identity":
		default:
			return body
		}
	}
	return body
}

// decoder decodes a body. It looks at the first bytes when they are asked for,
// as they may come long after the head; no bytes at all are an empty body.
type decoder struct {
	encoded io.ReadCloser
	open    func(*bufio.Reader) (io.Reader, error)
	plain   io.Reader
	err     error
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.plain == nil && d.err == nil {
		buffered := bufio.NewReader(d.encoded)
		if _, err := buffered.Peek(1); err != nil {
			d.err = err
		} else {
			d.plain, d.err = d.open(buffered)
		}
	}
	if d.err != nil {
		return 0, d.err
	}
	return d.plain.Read(p)
}

func (d *decoder) Close() error { return d.encoded.Close() }

func openGzip(r *bufio.Reader) (io.Reader, error) { return gzip.NewReader(r) }

// openDeflate takes the zlib format, which is what deflate means, and bare
// deflate data, which is what some servers send.
func openDeflate(r *bufio.Reader) (io.Reader, error) {
	head, err := r.Peek(2)
	if err == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(r)
	}
	return flate.NewReader(r), nil
}
