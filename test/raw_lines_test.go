package test

import (
	"fmt"
	"strings"
)

// rawLine is a request whose line is given.
func rawLine(line string) string { return line + "\r\n" + rawHost + rawID + "\r\n" }

// rawLines is about the request line and its method and version (RFC 9112
// sections 2.2, 2.3 and 3).
var rawLines = []rawCase{
	{name: "GET", send: rawLine("GET /echo HTTP/1.1"), want: "200", app: []string{"> GET /echo", "= "}},
	{name: "method of the app's own", send: rawLine("M-SEARCH /echo HTTP/1.1"), want: "200", app: []string{"> M-SEARCH /echo"}},
	{name: "method of all that a token may hold", send: rawLine("!#$%&'*+-.^_`|~09azAZ /echo HTTP/1.1"), want: "200", app: []string{"> !#$%&'*+-.^_`|~09azAZ /echo"}},
	{name: "method in small letters is another one", send: rawLine("get /echo HTTP/1.1"), want: "200", app: []string{"> get /echo"}},
	{name: "method of 32 letters", send: rawLine(strings.Repeat("M", 32) + " /echo HTTP/1.1"), want: "200"},
	{name: "method of 33 letters", send: rawLine(strings.Repeat("M", 33) + " /echo HTTP/1.1"), want: "501."},
	{name: "HEAD", send: rawLine("HEAD /echo HTTP/1.1"), head: true, want: "200"},
	{name: "TRACE goes to the app", send: rawLine("TRACE /echo HTTP/1.1"), want: "200"},
	{name: "CONNECT", send: rawLine("CONNECT lab:80 HTTP/1.1"), want: "501."},
	{name: "CONNECT with a path", send: rawLine("CONNECT /echo HTTP/1.1"), want: "501."},
	{name: "no method", send: rawLine("/echo HTTP/1.1"), want: "400."},
	{name: "method with a colon", send: rawLine("GE:T /echo HTTP/1.1"), want: "400."},
	{name: "method with a slash", send: rawLine("GE/T /echo HTTP/1.1"), want: "400."},
	{name: "method with a NUL", send: rawLine("GE\x00T /echo HTTP/1.1"), want: "400."},
	{name: "method with a high byte", send: rawLine("GE\xc3\xa9T /echo HTTP/1.1"), want: "400."},
	{name: "method in quotes", send: rawLine("\"GET\" /echo HTTP/1.1"), want: "400."},
	{name: "method and nothing else", send: rawLine("GET"), want: "400."},
	{name: "space before the method", send: rawLine(" GET /echo HTTP/1.1"), want: "400."},
	{name: "tab after the method", send: rawLine("GET\t/echo HTTP/1.1"), want: "400."},
	{name: "two spaces after the method", send: rawLine("GET  /echo HTTP/1.1"), want: "400."},
	{name: "two spaces before the version", send: rawLine("GET /echo  HTTP/1.1"), want: "400."},
	{name: "tab before the version", send: rawLine("GET /echo\tHTTP/1.1"), want: "400."},
	{name: "space after the version", send: rawLine("GET /echo HTTP/1.1 "), want: "400."},
	{name: "more after the version", send: rawLine("GET /echo HTTP/1.1 x"), want: "400."},
	{name: "no version", send: rawLine("GET /echo"), want: "400."},
	{name: "no target", send: rawLine("GET HTTP/1.1"), want: "400."},
	{name: "an empty target", send: rawLine("GET  HTTP/1.1"), want: "400."},

	{name: "HTTP/1.0", send: rawLine("GET /echo HTTP/1.0"), want: "200.", app: []string{"> GET /echo"}},
	{name: "HTTP/1.2", send: rawLine("GET /echo HTTP/1.2"), want: "505."},
	{name: "HTTP/1.9", send: rawLine("GET /echo HTTP/1.9"), want: "505."},
	{name: "HTTP/0.9", send: rawLine("GET /echo HTTP/0.9"), want: "505."},
	{name: "HTTP/2.0", send: rawLine("GET /echo HTTP/2.0"), want: "505."},
	{name: "preface of HTTP/2", send: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", want: "505."},
	{name: "HTTP/1.10", send: rawLine("GET /echo HTTP/1.10"), want: "400."},
	{name: "HTTP/01.1", send: rawLine("GET /echo HTTP/01.1"), want: "400."},
	{name: "HTTP/1", send: rawLine("GET /echo HTTP/1"), want: "400."},
	{name: "HTTP/1,1", send: rawLine("GET /echo HTTP/1,1"), want: "400."},
	{name: "http/1.1", send: rawLine("GET /echo http/1.1"), want: "400."},
	{name: "HTTP /1.1", send: rawLine("GET /echo HTTP /1.1"), want: "400."},
	{name: "HTTPS/1.1", send: rawLine("GET /echo HTTPS/1.1"), want: "400."},
	{name: "ICY", send: rawLine("GET /echo ICY"), want: "400."},

	{name: "an empty line before", send: "\r\n" + rawGet(""), want: "200", app: []string{"> GET /echo"}},
	{name: "two empty lines before", send: "\r\n\r\n" + rawGet(""), want: "400."},
	{name: "an empty line after", send: rawGet("") + "\r\n", want: "200"},
	{name: "LF before", send: "\n" + rawGet(""), want: "400."},
	{name: "CR before", send: "\r" + rawGet(""), want: "400."},
	{name: "space before an empty line", send: " \r\n" + rawGet(""), want: "400."},
	{name: "request line ends in LF", send: "GET /echo HTTP/1.1\n" + rawHost + rawID + "\r\n", want: "400."},
	{name: "request line ends in CR", send: "GET /echo HTTP/1.1\r" + rawHost + rawID + "\r\n", want: "400."},
	{name: "request line ends in CRCRLF", send: "GET /echo HTTP/1.1\r\r\n" + rawHost + rawID + "\r\n", want: "400."},
	{name: "all lines end in LF", send: strings.ReplaceAll(rawGet(""), "\r\n", "\n"), want: "400."},
	{name: "the head ends in LF", send: "GET /echo HTTP/1.1\r\n" + rawHost + rawID + "\n", want: "400."},
	{name: "the head ends in LFLF", send: "GET /echo HTTP/1.1\r\n" + rawHost + strings.TrimSuffix(rawID, "\r\n") + "\n\n", want: "400."},
	{name: "TLS", send: "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + strings.Repeat("\x00", 40), want: "400."},
	{name: "SSH", send: "SSH-2.0-OpenSSH_9.9\r\n", want: "400."},
	{name: "NUL", send: "\x00" + rawGet(""), want: "400."},
	{name: "response", send: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", want: "400."},
}

// rawTargets is about the request target (RFC 9112 section 3.2).
func rawTargets() []rawCase {
	var cases []rawCase
	ok := func(method, target, received string) {
		cases = append(cases, rawCase{
			name: "target " + method + " " + short(target), send: rawLine(method + " " + target + " HTTP/1.1"),
			want: "200", app: []string{"> " + method + " " + received},
		})
	}
	for _, target := range []string{
		"/", "/echo", "/echo?", "/echo?a=b&c", "/echo?a?b", "//echo//", "/echo/../x", "/a;b=c", "/%41%2f", "/echo?%zz", `/echo?a\b`,
		"/'\"<>^`{|}~", "/a:b@c", "/" + strings.Repeat("x", 511),
	} {
		ok("GET", target, target)
	}
	ok("OPTIONS", "*", "*")
	for target, received := range map[string]string{
		"http://lab/echo?a=b": "/echo?a=b", "http://lab": "/", "http://lab?a": "/?a", "http://lab/": "/", "HTTP://lab/a": "/a",
		"https://lab/a": "/a", "http://lab:8080/a": "/a", "http://[::1]/a": "/a", "http://[2001:db8::7]:80/a": "/a", "http://192.0.2.1/a": "/a",
	} {
		ok("GET", target, received)
	}
	ok("OPTIONS", "http://lab", "*")
	bad := func(method, target, want string) {
		cases = append(cases, rawCase{
			name: "target " + method + " " + short(target), send: rawLine(method + " " + target + " HTTP/1.1"), want: want,
		})
	}
	for _, target := range []string{
		"*", "echo", "lab:80", "lab", "?a", "#a", "/echo#a", "/echo?a#", "http://lab#a", "http://lab/#a", "/%", "/%4", "/%4g", "/%g4", `/a\b`, `\echo`,
		"/a\x01b", "/a\x7fb", "/a\x00b", "/caf\xc3\xa9", "/a\x80", "/a b", "/a\tb", "/a\rb", "ftp://lab/a", "http:/lab/a", "http:lab", "http://", "http:///a", "://lab/a",
		"http://user@lab/", "http://user:password@lab/", "http://lab:x/", "http://lab:65536/", "http://[::1/", "http://::1/", "http://[::g]/", "http://la b/",
		"http://lab\\evil/", "http://lab%2fevil/", "javascript:alert(1)", "http://[::1%25eth0]/",
	} {
		bad("GET", target, "400.")
	}
	bad("POST", "*", "400.")
	bad("OPTIONS", "**", "400.")
	bad("GET", "/"+strings.Repeat("x", 512), "414.")
	bad("GET", "http://lab/"+strings.Repeat("x", 512), "414.")
	bad("GET", "/"+strings.Repeat("x", 4000), "414.")
	return cases
}

// short makes a name of a long text.
func short(s string) string {
	if len(s) > 40 {
		return fmt.Sprintf("%q and %d bytes", s[:20], len(s)-20)
	}
	return fmt.Sprintf("%q", s)
}

// rawHosts is about the Host field (RFC 9112 section 3.2).
var rawHosts = rawHostCases()

func rawHostCases() []rawCase {
	request := func(lines string) string { return "GET /echo HTTP/1.1\r\n" + lines + rawID + "\r\n" }
	var cases []rawCase
	for _, host := range []string{
		"lab", "lab:80", "lab:", "lab:0", "lab:65535", "LAB.Example", "a-b.c_d", "192.0.2.1:80", "[::1]", "[::1]:80", "[2001:db8::192.0.2.1]", "xn--caf-dma.example", "lab.",
		"a,b;c=d!e$f&g'h(i)j*k+l~m", // sub-delims, RFC 3986 section 3.2.2
	} {
		cases = append(cases, rawCase{name: "Host " + host, send: request("Host: " + host + "\r\n"), want: "200", app: []string{"Host: " + host, "X-Forwarded-Host: " + host}})
	}
	for _, host := range []string{
		"", "la b", "lab, evil", "lab:65536", "lab:x", "lab:-1", "lab:80:80", ":80", "[::1", "::1", "[::1]x", "[::g]", "[::1%25eth0]", "user@lab", "lab/", "lab#a", "lab?a",
		"http://lab", "la%62", "caf\xc3\xa9", "lab\x01", `lab\evil`, `"lab"`,
	} {
		cases = append(cases, rawCase{name: fmt.Sprintf("Host %q", host), send: request("Host: " + host + "\r\n"), want: "400."})
	}
	return append(cases,
		rawCase{name: "no Host", send: request(""), want: "400."},
		rawCase{name: "no Host in HTTP/1.0", send: "GET /echo HTTP/1.0\r\n" + rawID + "\r\n", want: "200."},
		rawCase{name: "two Hosts", send: request("Host: lab\r\nHost: evil\r\n"), want: "400."},
		rawCase{name: "the same Host twice", send: request("Host: lab\r\nhost: lab\r\n"), want: "400."},
		rawCase{name: "two Hosts, one empty", send: request("Host:\r\nHost: lab\r\n"), want: "400."},
		rawCase{name: "two Hosts in HTTP/1.0", send: "GET /echo HTTP/1.0\r\nHost: a\r\nHost: b\r\n" + rawID + "\r\n", want: "400."},
		rawCase{name: "no Host with an absolute target", send: "GET http://lab/echo HTTP/1.1\r\n" + rawID + "\r\n", want: "400."},
		rawCase{name: "a malformed Host with an absolute target", send: "GET http://lab/echo HTTP/1.1\r\nHost: a b\r\n" + rawID + "\r\n", want: "400."},
		rawCase{name: "another Host with an absolute target", send: "GET http://lab:81/echo HTTP/1.1\r\nHost: evil\r\n" + rawID + "\r\n", want: "200",
			app: []string{"> GET /echo", "Host: lab:81", "X-Forwarded-Host: lab:81"}},
		rawCase{name: "Host between spaces", send: request("Host: \t lab \t \r\n"), want: "200", app: []string{"Host: lab"}},
		rawCase{name: "Host in capitals", send: request("HOST: lab\r\n"), want: "200", app: []string{"Host: lab"}},
		rawCase{name: "Host named in Connection", send: request("Host: lab\r\nConnection: Host\r\n"), want: "200", app: []string{"Host: lab"}},
	)
}
