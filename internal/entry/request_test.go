package entry

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// own are the fields that differ from one request to the next.
var own = regexp.MustCompile(`X-Request-Id: [0-9a-f]{24}\r\nX-Request-Start: t=\d{10}\.\d{3}\r\n`)

const forwarded = "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: h\r\n"

// What a worker gets is written anew: what was understood, nothing that was
// meant for the connection, nothing that an app would take for the server's
// word.
func TestRequestIsWrittenAnew(t *testing.T) {
	s := start(t, Config{}, echo)
	c := s.dial()
	const get, post = "GET / HTTP/1.1\r\nHost: h\r\n", "POST / HTTP/1.1\r\nHost: h\r\n"
	for _, test := range []struct{ sent, want string }{
		{get + "\r\n", get + forwarded + "\r\n"},
		{"\r\nGET /a?b=c HTTP/1.1\r\nhOST:h\r\nx-a:1\r\nX-A:\t2 \r\nCookie: a=1; b=2\r\n\r\n",
			"GET /a?b=c HTTP/1.1\r\nHost: h\r\nx-a: 1\r\nX-A: 2\r\nCookie: a=1; b=2\r\n" + forwarded + "\r\n"},
		{"GET http://h?q HTTP/1.1\r\nHost: other\r\n\r\n", // RFC 9112 section 3.2.2
			"GET /?q HTTP/1.1\r\nHost: h\r\n" + forwarded + "\r\n"},
		{"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
			"OPTIONS * HTTP/1.1\r\nHost: h\r\n" + forwarded + "\r\n"},
		// For this connection alone.
		{get + "Connection: keep-alive, x-drop\r\nX-Drop: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\nProxy-Connection: close\r\n" +
			"Trailer: X\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\nProxy-Authorization: x\r\n\r\n", get + forwarded + "\r\n"},
		// What CGI-like environments confuse with something else.
		{get + "X_Forwarded_For: 1\r\nContent_Length: 5\r\nProxy: evil\r\n\r\n", get + forwarded + "\r\n"},
		// What only the server says.
		{get + "Rip-Request: 1 2 3\r\nrip-stats: 1\r\nRIP-new: 1\r\nX-Request-Start: t=1\r\nX-Request-Id: evil\r\n" +
			"X-Sendfile: /etc/passwd\r\n\r\n", get + forwarded + "\r\n"},
		{get + "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Port: 1\r\n" +
			"X-Forwarded-Ssl: on\r\nForwarded: for=1.1.1.1\r\nX-Real-IP: 1.1.1.1\r\n\r\n", get + forwarded + "\r\n"},
		// Framing.
		{post + "\r\n", post + forwarded + "\r\n"},
		{post + "Content-Length: 0\r\n\r\n", post + forwarded + "Content-Length: 0\r\n\r\n"},
		{post + "Content-Length: 002\r\nX-A: 1\r\n\r\nab", post + "X-A: 1\r\n" + forwarded + "Content-Length: 2\r\n\r\nab"},
		{post + "Transfer-Encoding: chunked\r\nX-A: 1\r\n\r\n0\r\n\r\n", post + "X-A: 1\r\n" + forwarded + "Content-Length: 0\r\n\r\n"},
		{post + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX-Trailer: 1\r\n\r\n",
			post + forwarded + "Content-Length: 3\r\n\r\nabc"},
		{post + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\na", post + forwarded + "Content-Length: 1\r\n\r\na"},
	} {
		got := c.send(test.sent).receive().body
		if own.ReplaceAllString(got, "") != test.want || !own.MatchString(got) {
			t.Errorf("sent %q\n got %q\nwant %q", test.sent, got, test.want)
		}
	}
}

// An HTTP/1.0 client need not name a host, but the app gets one.
func TestHostOfHTTP10(t *testing.T) {
	s := start(t, Config{}, echo)
	s.dial().send("GET / HTTP/1.0\r\n\r\n").want(200, "\r\nHost: "+s.addr+"\r\n")
}

// What a trusted proxy says of its client is kept and extended.
func TestTrustedProxy(t *testing.T) {
	s := start(t, Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}}, echo)
	c := s.dial()
	for _, test := range []struct {
		sent   string
		want   []string
		client string // in the access log
	}{
		{"", []string{"X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http", "X-Forwarded-Host: h"}, "127.0.0.1"},
		{"X-Forwarded-For: 9.9.9.9, 8.8.8.8\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: public\r\nX-Forwarded-Port: 443\r\n" +
			"X-Real-IP: 8.8.8.8\r\nForwarded: for=8.8.8.8\r\n",
			[]string{"X-Forwarded-For: 9.9.9.9, 8.8.8.8, 127.0.0.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: public",
				"X-Forwarded-Port: 443", "X-Real-IP: 8.8.8.8", "Forwarded: for=8.8.8.8"}, "8.8.8.8"},
		{"X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-For: 10.1.1.1\r\n",
			[]string{"X-Forwarded-For: 9.9.9.9, 10.1.1.1, 127.0.0.1"}, "9.9.9.9"},
		{"X-Forwarded-For: [2001:db8::1]:4711\r\n", []string{"X-Forwarded-For: [2001:db8::1]:4711, 127.0.0.1"}, "2001:db8::1"},
		{"X-Forwarded-For: 9.9.9.9, unknown, 10.1.1.1\r\n", nil, "10.1.1.1"},
		{"X-Forwarded-For: , \r\n", nil, "127.0.0.1"},
		{"X-Request-Id: from-the-proxy.1\r\n", []string{"X-Request-Id: from-the-proxy.1"}, "127.0.0.1"},
	} {
		got := strings.Split(c.send("GET / HTTP/1.1\r\nHost: h\r\n"+test.sent+"\r\n").receive().body, "\r\n")
		for _, line := range test.want {
			if !slices.Contains(got, line) {
				t.Errorf("sent %q\n got %q\nwant %q", test.sent, got, line)
			}
		}
		s.wantLogged(`"client":"` + test.client + `"`)
	}
}

// An id that is not safe to pass on is replaced, also a proxy's.
func TestRequestID(t *testing.T) {
	s := start(t, Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}, echo)
	c := s.dial()
	seen := map[string]bool{}
	for _, id := range []string{"", "a b", `a"b`, "caf\xe9", strings.Repeat("x", maxRequestID+1)} {
		got := own.FindString(c.send("GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: " + id + "\r\n\r\n").receive().body)
		if got == "" || seen[got] {
			t.Errorf("%q: the request got %q", id, got)
		}
		seen[got] = true
	}
}
