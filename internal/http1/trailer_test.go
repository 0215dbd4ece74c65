package http1

import (
	"strings"
	"testing"
)

// trailerCases stand between "0\r\n" and the "\r\n" that ends the section.
var trailerCases = []chunkedCase{
	{"X: y\r\n", "", 0, 0, nil},
	{"X:\r\n", "", 0, 0, nil},
	{"X: y\r\nx: z\r\n", "", 0, 0, nil},
	{"Rip-Stats: 1 2 3 4\r\n", "", 0, 0, nil},
	{"Server-Timing: a;dur=1\r\n", "", 0, 0, nil},
	{"ETag: \"a\"\r\n", "", 0, 0, nil},
	{"Digest: a\r\nX-Checksum: b\r\n", "", 0, 0, nil},
	{"Content-Digest: sha-256=:a:\r\n", "", 0, 0, nil},
	{"Contents: a\r\nIffy: b\r\n", "", 0, 0, nil},
	{strings.Repeat("X: y\r\n", 32), "", 0, 0, nil},
	{strings.Repeat("X: y\r\n", 33), "", 0, 431, errTrailers},
	{"X: " + strings.Repeat("y", 4096-7) + "\r\n", "", 0, 0, nil},
	{"X: " + strings.Repeat("y", 4096-6) + "\r\n", "", 0, 431, errTrailers},
	{"X: " + strings.Repeat("y", 10000) + "\r\n", "", 0, 431, errTrailers},
	{"X : y\r\n", "", 0, 400, errNameSpace},
	{" X: y\r\n", "", 0, 400, errFold},
	{"X: y\r\n z\r\n", "", 0, 400, errFold},
	{": y\r\n", "", 0, 400, errNameEmpty},
	{"X\r\n", "", 0, 400, errColon},
	{"X\x00: y\r\n", "", 0, 400, errName},
	{"X: \x00\r\n", "", 0, 400, errControl},
	{"X: a\rb\r\n", "", 0, 400, errBareCR},
	{"X: y\n", "", 0, 400, errBareLF},
	{"X: y\r\n\n", "", 0, 400, errBareLF},
	{"\n", "", 0, 400, errBareLF},
	{"\r\r\n", "", 0, 400, errBareCR},
	{"X: y\r\r\n", "", 0, 400, errBareCR},
	{"GET / HTTP/1.1\r\n", "", 0, 400, errNameSpace},
	{"Transfer-Encoding: chunked\r\n", "", 0, 400, errTrailer},
	{"transfer-encoding: chunked\r\n", "", 0, 400, errTrailer},
	{"Content-Length: 5\r\n", "", 0, 400, errTrailer},
	{"X: y\r\nCONTENT-LENGTH: 5\r\n", "", 0, 400, errTrailer},
	{"Host: a\r\n", "", 0, 400, errTrailer},
	{"Content-Type: a\r\n", "", 0, 400, errTrailer},
	{"Content-Encoding: gzip\r\n", "", 0, 400, errTrailer},
	{"Content-Range: a\r\n", "", 0, 400, errTrailer},
	{"Content-Disposition: a\r\n", "", 0, 400, errTrailer},
	{"Connection: close\r\n", "", 0, 400, errTrailer},
	{"Keep-Alive: a\r\n", "", 0, 400, errTrailer},
	{"TE: a\r\n", "", 0, 400, errTrailer},
	{"Trailer: a\r\n", "", 0, 400, errTrailer},
	{"Upgrade: a\r\n", "", 0, 400, errTrailer},
	{"Expect: 100-continue\r\n", "", 0, 400, errTrailer},
	{"Authorization: a\r\n", "", 0, 400, errTrailer},
	{"Proxy-Authorization: a\r\n", "", 0, 400, errTrailer},
	{"Proxy: a\r\n", "", 0, 400, errTrailer},
	{"Proxy-Anything: a\r\n", "", 0, 400, errTrailer},
	{"WWW-Authenticate: a\r\n", "", 0, 400, errTrailer},
	{"Cookie: a\r\n", "", 0, 400, errTrailer},
	{"Set-Cookie: a\r\n", "", 0, 400, errTrailer},
	{"Range: bytes=0-\r\n", "", 0, 400, errTrailer},
	{"If-Match: a\r\n", "", 0, 400, errTrailer},
	{"If-Modified-Since: a\r\n", "", 0, 400, errTrailer},
	{"Cache-Control: a\r\n", "", 0, 400, errTrailer},
	{"Pragma: a\r\n", "", 0, 400, errTrailer},
	{"Max-Forwards: 1\r\n", "", 0, 400, errTrailer},
	{"Age: 1\r\n", "", 0, 400, errTrailer},
	{"Date: a\r\n", "", 0, 400, errTrailer},
	{"Expires: a\r\n", "", 0, 400, errTrailer},
	{"Location: a\r\n", "", 0, 400, errTrailer},
	{"Retry-After: 1\r\n", "", 0, 400, errTrailer},
	{"Vary: a\r\n", "", 0, 400, errTrailer},
	{"Forwarded: a\r\n", "", 0, 400, errTrailer},
	{"X-Forwarded-For: a\r\n", "", 0, 400, errTrailer},
	{"X-Forwarded-Anything: a\r\n", "", 0, 400, errTrailer},
	{"X-Real-IP: a\r\n", "", 0, 400, errTrailer},
	{"X-Request-Id: a\r\n", "", 0, 400, errTrailer},
	{"X-Sendfile: a\r\n", "", 0, 400, errTrailer},
	{"Rip-Request: a\r\n", "", 0, 400, errTrailer},
}

func TestTrailers(t *testing.T) {
	var c Chunked
	for _, in := range []string{"0\r\nX: y\r\nETag:  \"a\" \r\n\r\n", "0\r\n\r\n", "0\r\nX: y\r\nETag: \"a\"\r\n\r\n"} {
		buf := []byte(in)
		c.Reset()
		if _, nsrc, done, err := c.Decode(nil, buf); nsrc != len(buf) || !done || err != nil {
			t.Fatalf("%q: %d, %v, %v", in, nsrc, done, err)
		}
		for i := range buf {
			buf[i] = '!' // they are in memory of their own
		}
		got := c.Trailers()
		if !strings.Contains(in, ":") {
			if len(got) != 0 {
				t.Errorf("%q: %s", in, describeFields(got))
			}
			continue
		}
		if len(got) != 2 || string(got[0].Name) != "X" || string(got[0].Value) != "y" || got[1].ID != FieldETag || string(got[1].Value) != `"a"` {
			t.Errorf("%q: %s", in, describeFields(got))
		}
	}
}
