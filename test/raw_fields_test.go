package test

import (
	"fmt"
	"strings"
)

// rawFields is about field lines and limits (RFC 9112 section 5).
func rawFields() []rawCase {
	cases := []rawCase{
		{name: "field", send: rawGet("X-A: b\r\n"), want: "200", app: []string{"X-A: b"}},
		{name: "field without space", send: rawGet("X-A:b\r\n"), want: "200", app: []string{"X-A: b"}},
		{name: "field with much space", send: rawGet("X-A: \t  b \t \r\n"), want: "200", app: []string{"X-A: b"}},
		{name: "empty field", send: rawGet("X-A:\r\n"), want: "200", app: []string{"X-A: "}},
		{name: "field of spaces", send: rawGet("X-A:  \t \r\n"), want: "200", app: []string{"X-A: "}},
		{name: "field with a colon", send: rawGet("X-A: b: c\r\n"), want: "200", app: []string{"X-A: b: c"}},
		{name: "field with a tab", send: rawGet("X-A: b\tc\r\n"), want: "200", app: []string{"X-A: b\tc"}},
		{name: "name of all that a token may hold", send: rawGet("!#$%&'*+-.^`|~09azAZ: b\r\n"), want: "200"},

		{name: "no colon", send: rawGet("X-A b\r\n"), want: "400."},
		{name: "no colon, one word", send: rawGet("X-A\r\n"), want: "400."},
		{name: "empty name", send: rawGet(": b\r\n"), want: "400."},
		{name: "space for a name", send: rawGet(" : b\r\n"), want: "400."},
		{name: "space before the colon", send: rawGet("X-A : b\r\n"), want: "400."},
		{name: "tab before the colon", send: rawGet("X-A\t: b\r\n"), want: "400."},
		{name: "fold", send: rawGet("X-A: b\r\n c\r\n"), want: "400."},
		{name: "fold with a tab", send: rawGet("X-A: b\r\n\tc\r\n"), want: "400."},
		{name: "fold of nothing", send: rawGet("X-A: b\r\n \r\n"), want: "400."},
		{name: "fold of a name", send: rawGet("X-\r\n A: b\r\n"), want: "400."},
		{name: "space before the first field", send: "GET /echo HTTP/1.1\r\n " + rawHost + rawID + "\r\n", want: "400."},
		{name: "fold of the request line", send: "GET /echo HTTP/1.1\r\n\tx\r\n" + rawHost + rawID + "\r\n", want: "400."},
		{name: "LF ends a field", send: rawGet("X-A: b\nX-B: c\r\n"), want: "400."},
		{name: "CR in a field", send: rawGet("X-A: b\rX-B: c\r\n"), want: "400."},
		{name: "CR at the end of a field", send: rawGet("X-A: b\r\r\n"), want: "400."},
		{name: "CR in a name", send: rawGet("X-\rA: b\r\n"), want: "400."},
		{name: "LF in a name", send: rawGet("X-\nA: b\r\n"), want: "400."},

		{name: "20 fields", send: rawGet(strings.Repeat("X-A: b\r\n", 18)), want: "200"},
		{name: "21 fields", send: rawGet(strings.Repeat("X-A: b\r\n", 19)), want: "431."},
		{name: "a head of nearly 2 KiB", send: rawGet("X-A: " + strings.Repeat("x", 1900) + "\r\n"), want: "200", app: []string{"X-A: " + strings.Repeat("x", 1900)}},
		{name: "a head of more than 2 KiB", send: rawGet("X-A: " + strings.Repeat("x", 2048) + "\r\n"), want: "431."},
		{name: "a name of more than 2 KiB", send: rawGet(strings.Repeat("x", 2048) + ": b\r\n"), want: "431."},
		{name: "a body of 1000 bytes", send: rawPost("Content-Length: 1000\r\n", strings.Repeat("x", 1000)), want: "200", app: []string{"= " + strings.Repeat("x", 1000)}},
		{name: "a body of 1001 bytes", send: rawPost("Content-Length: 1001\r\n", strings.Repeat("x", 1001)), want: "413."},
	}
	for _, c := range "\"(),/;<=>?@[\\]{}\x00\x01\x0b\x7f" {
		cases = append(cases, rawCase{name: fmt.Sprintf("name with %q", c), send: rawGet("X" + string(c) + "A: b\r\n"), want: "400."})
	}
	for _, c := range []string{"\xc3\xa9", "\xff"} {
		cases = append(cases, rawCase{name: fmt.Sprintf("name with %q", c), send: rawGet("X" + c + "A: b\r\n"), want: "400."})
	}
	for _, c := range []string{"\x00", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f"} {
		cases = append(cases, rawCase{name: fmt.Sprintf("value with %q", c), send: rawGet("X-A: b" + c + "c\r\n"), want: "400."})
	}
	for _, c := range []string{"\"(),/:;<=>?@[\\]{}", "\xc3\xa9", "\x80\xfe\xff"} {
		cases = append(cases, rawCase{name: fmt.Sprintf("value with %q", c), send: rawGet("X-A: b" + c + "c\r\n"), want: "200"})
	}
	return cases
}

// rawForwarding is about what reaches an app and what does not, and what
// becomes of the connection (RFC 9110 section 7.6, RFC 9112 section 9.3).
var rawForwarding = []rawCase{
	{name: "underscore", send: rawGet("X_A: b\r\nX-B: c\r\n"), want: "200", app: []string{"- X_a", "- X-A", "X-B: c"}},
	{name: "underscore for Content-Length", send: rawGet("Content_Length: 5\r\n"), want: "200", app: []string{"- Content_length", "= "}},
	{name: "underscore for Transfer-Encoding", send: rawGet("Transfer_Encoding: chunked\r\n"), want: "200", app: []string{"- Transfer_encoding", "= "}},
	{name: "underscore for X-Forwarded-For", send: rawGet("X_Forwarded_For: 192.0.2.1\r\n"), want: "200", app: []string{"X-Forwarded-For: 127.0.0.1", "- X_forwarded_for"}},
	{name: "Proxy", send: rawGet("Proxy: evil\r\n"), want: "200", app: []string{"- Proxy"}},
	{name: "X-Forwarded-For", send: rawGet("X-Forwarded-For: 192.0.2.1\r\n"), want: "200", app: []string{"X-Forwarded-For: 127.0.0.1"}},
	{name: "X-Forwarded-Proto", send: rawGet("X-Forwarded-Proto: https\r\n"), want: "200", app: []string{"X-Forwarded-Proto: http"}},
	{name: "X-Forwarded-Host", send: rawGet("X-Forwarded-Host: evil\r\n"), want: "200", app: []string{"X-Forwarded-Host: lab"}},
	{name: "X-Forwarded-Port", send: rawGet("X-Forwarded-Port: 1\r\n"), want: "200", app: []string{"- X-Forwarded-Port"}},
	{name: "X-Forwarded-Anything", send: rawGet("x-forwarded-prefix: /evil\r\n"), want: "200", app: []string{"- X-Forwarded-Prefix"}},
	{name: "Forwarded", send: rawGet("Forwarded: for=192.0.2.1\r\n"), want: "200", app: []string{"- Forwarded"}},
	{name: "X-Real-IP", send: rawGet("X-Real-IP: 192.0.2.1\r\n"), want: "200", app: []string{"- X-Real-Ip"}},
	{name: "X-Request-Start", send: rawGet("X-Request-Start: t=0\r\nX-Request-Start: t=0\r\n"), want: "200"},
	{name: "X-Sendfile", send: rawGet("X-Sendfile: /etc/passwd\r\n"), want: "200", app: []string{"- X-Sendfile"}},
	{name: "Rip-Request", send: rawGet("Rip-Request: 1 1 1\r\n"), want: "200", app: []string{"- Rip-Request"}},
	{name: "Rip-Stats", send: rawGet("Rip-Stats: 1 1 1 1\r\nRIP-ANYTHING: 1\r\n"), want: "200", app: []string{"- Rip-Stats", "- Rip-Anything"}},

	{name: "Connection names a field", send: rawGet("Connection: X-A\r\nX-A: b\r\nX-B: c\r\n"), want: "200", app: []string{"- X-A", "- Connection", "X-B: c"}},
	{name: "Connection names fields", send: rawGet("X-A: b\r\nConnection: x-b , keep-alive,,X-A\r\nX-B: c\r\n"), want: "200", app: []string{"- X-A", "- X-B"}},
	{name: "Connection names Content-Length", send: rawPost("Connection: Content-Length\r\nContent-Length: 5\r\n", "hello"), want: "200", app: []string{"= hello", "Content-Length: 5"}},
	{name: "Connection names Transfer-Encoding", send: rawPost("Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), want: "200", app: []string{"= hello"}},
	{name: "Keep-Alive", send: rawGet("Keep-Alive: timeout=5\r\n"), want: "200", app: []string{"- Keep-Alive"}},
	{name: "Proxy-Connection", send: rawGet("Proxy-Connection: keep-alive\r\n"), want: "200", app: []string{"- Proxy-Connection"}},
	{name: "Proxy-Authorization", send: rawGet("Proxy-Authorization: Basic eDp5\r\n"), want: "200", app: []string{"- Proxy-Authorization"}},
	{name: "Authorization", send: rawGet("Authorization: Basic eDp5\r\n"), want: "200", app: []string{"Authorization: Basic eDp5"}},
	{name: "TE", send: rawGet("TE: trailers\r\n"), want: "200", app: []string{"- Te"}},
	{name: "Trailer", send: rawGet("Trailer: X-A\r\n"), want: "200", app: []string{"- Trailer"}},
	{name: "Connection with 33 names", send: rawGet("Connection: " + strings.Repeat("a,", 32) + "a\r\n"), want: "431."},

	{name: "close", send: rawGet("Connection: close\r\n"), want: "200."},
	{name: "Close, and more", send: rawGet("Connection: X-A, CLOSE\r\n"), want: "200."},
	{name: "close in a second field", send: rawGet("Connection: keep-alive\r\nConnection: close\r\n"), want: "200."},
	{name: "close and a body", send: rawPost("Connection: close\r\nContent-Length: 5\r\n", "hello"), want: "200.", app: []string{"= hello"}},
	{name: "keep-alive", send: rawGet("Connection: keep-alive\r\n"), want: "200"},
	{name: "HTTP/1.0 and keep-alive", send: "GET /echo HTTP/1.0\r\n" + rawID + "Connection: keep-alive\r\n\r\n", want: "200"},
	{name: "HTTP/1.0, keep-alive and close", send: "GET /echo HTTP/1.0\r\n" + rawID + "Connection: keep-alive, close\r\n\r\n", want: "200."},
	{name: "HTTP/1.0 and a body", send: "POST /echo HTTP/1.0\r\n" + rawID + "Content-Length: 5\r\nConnection: keep-alive\r\n\r\nhello", want: "200", app: []string{"= hello"}},

	{name: "Upgrade", send: rawGet("Connection: Upgrade\r\nUpgrade: websocket\r\n"), want: "501."},
	{name: "Upgrade to h2c", send: rawGet("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"), want: "501."},
	{name: "Upgrade that Connection does not name", send: rawGet("Upgrade: websocket\r\n"), want: "200", app: []string{"- Upgrade"}},
	{name: "Upgrade in HTTP/1.0", send: "GET /echo HTTP/1.0\r\n" + rawID + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", want: "200."},

	{name: "Expect", send: rawPost("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"), want: "200", app: []string{"= hello", "- Expect"}},
	{name: "Expect in capitals", send: rawPost("Expect: 100-CONTINUE\r\nContent-Length: 5\r\n", "hello"), want: "200", app: []string{"= hello"}},
	{name: "Expect without body", send: rawGet("Expect: 100-continue\r\n"), want: "200"},
	{name: "Expect and chunked", send: rawPost("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), want: "200", app: []string{"= hello"}},
	{name: "Expect something else", send: rawPost("Expect: 200-ok\r\nContent-Length: 5\r\n", "hello"), want: "417."},
	{name: "Expect more", send: rawPost("Expect: 100-continue, x\r\nContent-Length: 5\r\n", "hello"), want: "417."},
	{name: "Expect nothing", send: rawPost("Expect:\r\nContent-Length: 5\r\n", "hello"), want: "417."},
	{name: "Expect and too large a body", send: rawPost("Expect: 100-continue\r\nContent-Length: 5000\r\n", ""), want: "413."},
	{name: "Expect in HTTP/1.0", send: "POST /echo HTTP/1.0\r\n" + rawID + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello", want: "200.", app: []string{"= hello"}},
}
