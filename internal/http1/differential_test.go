package http1

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// legitimate lists where a request that is accepted here is something else to
// http.ReadRequest, with the reason. It returns what net/http should be asked
// about instead, or false when there is nothing to compare.
var legitimate = []struct {
	reason string
	adjust func(r *Request, in []byte) ([]byte, bool)
}{
	{
		"the empty line before a request line is skipped (RFC 9112 section 2.2); net/http does that in its server, not in ReadRequest",
		func(_ *Request, in []byte) ([]byte, bool) { return bytes.TrimPrefix(in, []byte("\r\n")), true },
	},
	{
		"a Trailer field is not looked at, forbidden trailers are refused when they come; net/http refuses a Trailer field that names framing fields",
		func(r *Request, in []byte) ([]byte, bool) {
			return in, !r.Chunked || r.Value(FieldTrailer) == nil
		},
	},
}

// checkDifference reads in, whose first n bytes r accepted, with net/http and
// fails when that does not see the same request.
func checkDifference(t testing.TB, r *Request, in []byte, n int) {
	t.Helper()
	body, trailer, rest, ok := readBody(r, in[n:])
	for _, l := range legitimate {
		var compare bool
		if in, compare = l.adjust(r, in); !compare {
			return
		}
	}
	br := bufio.NewReader(bytes.NewReader(in))
	req, err := http.ReadRequest(br)
	if err != nil {
		t.Fatalf("%q: accepted, net/http says: %v", in, err)
	}
	same := func(what string, ours, theirs any) {
		t.Helper()
		if !reflect.DeepEqual(ours, theirs) {
			t.Fatalf("%q: %s is %q, net/http says %q", in, what, ours, theirs)
		}
	}
	same("method", string(r.Method), req.Method)
	same("target", string(r.Target), originForm(req))
	same("host", string(r.Host), req.Host)
	same("minor version", r.Minor, req.ProtoMinor)
	same("close", r.Close, req.Close)
	same("header", headerOf(r), req.Header)
	same("chunked", r.Chunked, len(req.TransferEncoding) == 1)
	if !r.Chunked {
		same("length", max(r.ContentLength, 0), req.ContentLength)
	}
	if !ok {
		return // the body is not complete or refused
	}
	theirs, err := io.ReadAll(req.Body)
	if err != nil {
		t.Fatalf("%q: body accepted, net/http says: %v", in, err)
	}
	same("body", string(body), string(theirs))
	same("trailer", trailer, req.Trailer)
	after, _ := io.ReadAll(br)
	same("what follows", string(rest), string(after))
}

// originForm cuts scheme and authority from an absolute-form target, and puts
// in the path that RFC 9112 section 3.2 lets a client leave out.
func originForm(req *http.Request) string {
	target := req.RequestURI
	if target[0] == '/' || target == "*" {
		return target
	}
	_, target, _ = strings.Cut(target, "://")
	end := strings.IndexAny(target, "/?")
	switch {
	case end < 0 && req.Method == http.MethodOptions:
		return "*"
	case end < 0:
		return "/"
	case target[end] == '?':
		return "/" + target[end:]
	}
	return target[end:]
}

// headerOf makes the header map of net/http, which keeps Host and
// Transfer-Encoding elsewhere and adds what Pragma means.
func headerOf(r *Request) http.Header {
	h := toHeader(r.Fields)
	h.Del("Host")
	h.Del("Transfer-Encoding")
	if p := h["Pragma"]; len(p) > 0 && p[0] == "no-cache" && h["Cache-Control"] == nil {
		h["Cache-Control"] = []string{"no-cache"}
	}
	return h
}

func toHeader(fields []Field) http.Header {
	h := http.Header{}
	for _, f := range fields {
		h.Add(string(f.Name), string(f.Value))
	}
	return h
}

// readBody reads the body of r from in. It returns false when it is not
// complete or refused.
func readBody(r *Request, in []byte) (body []byte, trailer http.Header, rest []byte, ok bool) {
	if !r.Chunked {
		n := max(r.ContentLength, 0)
		if n > int64(len(in)) {
			return nil, nil, nil, false
		}
		return in[:n], nil, in[n:], true
	}
	var c Chunked
	dst := make([]byte, len(in)+1)
	ndst, nsrc, done, err := c.Decode(dst, in)
	if !done || err != nil {
		return nil, nil, nil, false
	}
	if len(c.Trailers()) > 0 {
		trailer = toHeader(c.Trailers())
	}
	return dst[:ndst], trailer, in[nsrc:], true
}

// FuzzDifferential looks for a request that is accepted here and refused or
// understood differently by net/http: whoever passes requests on and whoever
// takes them must agree.
func FuzzDifferential(f *testing.F) {
	for _, seed := range requestSeeds() {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var r Request
		if n, err := r.Parse(in, Limits{}); n > 0 && err == nil {
			checkDifference(t, &r, in, n)
		}
	})
}
