package http1

import (
	"fmt"
	"strings"
	"testing"
)

// statusLineCases stand before "\r\nX: y\r\n\r\n".
var statusLineCases = []verdict{
	{"HTTP/1.1 200 OK", 0, nil},
	{"HTTP/1.0 200 OK", 0, nil},
	{"HTTP/1.1 200 ", 0, nil},
	{"HTTP/1.1 200", 0, nil},
	{"HTTP/1.1 100 Continue", 0, nil},
	{"HTTP/1.1 101 Switching Protocols", 0, nil},
	{"HTTP/1.1 103 Early Hints", 0, nil},
	{"HTTP/1.1 204 No Content", 0, nil},
	{"HTTP/1.1 304 Not Modified", 0, nil},
	{"HTTP/1.1 599 x", 0, nil},
	{"HTTP/1.1 999 x", 0, nil},
	{"HTTP/1.1 200 \tO K\t ", 0, nil},
	{"HTTP/1.1 200 caf\xc3\xa9", 0, nil},
	{"HTTP/1.1 200 " + strings.Repeat("a", 1000), 0, nil},
	{"HTTP/1.1 2000 OK", 502, errStatusLine},
	{"HTTP/1.1 20 OK", 502, errStatusLine},
	{"HTTP/1.1 2", 502, errStatusLine},
	{"HTTP/1.1 ", 502, errStatusLine},
	{"HTTP/1.1", 502, errStatusLine},
	{"HTTP/1.1 000 OK", 502, errStatusLine},
	{"HTTP/1.1 099 OK", 502, errStatusLine},
	{"HTTP/1.1 -20 OK", 502, errStatusLine},
	{"HTTP/1.1 +20 OK", 502, errStatusLine},
	{"HTTP/1.1 2x0 OK", 502, errStatusLine},
	{"HTTP/1.1 OK", 502, errStatusLine},
	{"HTTP/1.1  200 OK", 502, errStatusLine},
	{"HTTP/1.1\t200 OK", 502, errStatusLine},
	{"HTTP/1.1 200\tOK", 502, errStatusLine},
	{"HTTP/1.1 200OK", 502, errStatusLine},
	{"HTTP/1.1 200 O\rK", 502, errStatusLine},
	{"HTTP/1.1 200 O\x00K", 502, errStatusLine},
	{"HTTP/1.1 200 O\x1bK", 502, errStatusLine},
	{"HTTP/1.1 200 OK\x7f", 502, errStatusLine},
	{"HTTP/1.1 200\r", 502, errStatusLine},
	{"HTTP/1.2 200 OK", 502, errStatusLine},
	{"HTTP/2.0 200 OK", 502, errStatusLine},
	{"HTTP/0.9 200 OK", 502, errStatusLine},
	{"HTTP/2 200 OK", 502, errStatusLine},
	{"http/1.1 200 OK", 502, errStatusLine},
	{"ICY 200 OK", 502, errStatusLine},
	{" HTTP/1.1 200 OK", 502, errStatusLine},
	{"\r\nHTTP/1.1 200 OK", 502, errStatusLine},
	{"Status: 200 OK", 502, errStatusLine},
	{"", 502, errStatusLine},
	{"<html>", 502, errStatusLine},
	{"HTTP/1.1 200 OK\nX: y", 400, errBareLF},
}

// responseFieldCases stand between "HTTP/1.1 200 OK\r\n" and "\r\n\r\n".
var responseFieldCases = []verdict{
	{"Content-Type: text/plain", 0, nil},
	{"X:", 0, nil},
	{"Set-Cookie: a=b\r\nSet-Cookie: c=d", 0, nil},
	{"X: caf\xe9", 0, nil},
	{"Location: /a b", 0, nil},
	{"X: a\nSet-Cookie: b", 400, errBareLF},
	{"X: a\rSet-Cookie: b", 400, errBareCR},
	{"X: a\x00b", 400, errControl},
	{"X: a\x1bb", 400, errControl},
	{"X Y: a", 400, errNameSpace},
	{"X : a", 400, errNameSpace},
	{": a", 400, errNameEmpty},
	{"X", 400, errColon},
	{"X\xff: a", 400, errName},
	{" X: a", 400, errFold},
	{"X: a\r\n b", 400, errFold},
	{"X: a\r\n\tb", 400, errFold},

	{"Content-Length: 5", 0, nil},
	{"Content-Length: 0", 0, nil},
	{"Content-Length: 5\r\nContent-Length: 5", 0, nil},
	{"Content-Length: 5\r\nContent-Length: 05", 0, nil},
	{"Content-Length: 5\r\nContent-Length: 6", 400, errLengthRepeated},
	{"Content-Length: 5\r\nX: y\r\ncontent-length: 0", 400, errLengthRepeated},
	{"Content-Length: 5, 5", 400, errLength},
	{"Content-Length: -5", 400, errLength},
	{"Content-Length: +5", 400, errLength},
	{"Content-Length:", 400, errLength},
	{"Content-Length: x", 400, errLength},
	{"Content-Length: 5\r\nContent-Length: x", 400, errLength},
	{"Content-Length: 9223372036854775808", 400, errLengthOverflow},

	{"Transfer-Encoding: chunked", 0, nil},
	{"Transfer-Encoding: gzip", 501, errCodingUnknown},
	{"Transfer-Encoding: gzip, chunked", 501, errCodingUnknown},
	{"Transfer-Encoding: chunked, gzip", 400, errCodingFinal},
	{"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400, errCodingRepeated},
	{"Transfer-Encoding:", 400, errCoding},
	{"Content-Length: 5\r\nTransfer-Encoding: chunked", 400, errLengthCoding},
	{"Transfer-Encoding: chunked\r\nContent-Length: 5", 400, errLengthCoding},

	{"Connection: close", 0, nil},
	{"Connection: a" + strings.Repeat(",a", 32), 431, errConnection},
	{"Host: a\r\nHost: b", 0, nil}, // means nothing in a response
	{"Expect: x", 0, nil},
	{strings.Repeat("X: y\r\n", 100) + "X: y", 431, errFields},
	{"X: " + strings.Repeat("y", 40000), 431, errHead},
}

var responseTables = []struct {
	name, pattern string
	cases         []verdict
}{
	{"status line", "%s\r\nX: y\r\n\r\n", statusLineCases},
	{"field", "HTTP/1.1 200 OK\r\n%s\r\n\r\n", responseFieldCases},
	{"HTTP/1.0", "HTTP/1.0 200 OK\r\n%s\r\n\r\n", []verdict{
		{"Content-Length: 5", 0, nil},
		{"Transfer-Encoding: chunked", 400, errCodingVersion},
	}},
	{"lines", "%s", []verdict{
		{"HTTP/1.1 200 OK\r\n\r\n", 0, nil},
		{"HTTP/1.1 200 OK\r\n\r\nbody", 0, nil},
		{"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 0, nil},
		{"HTTP/1.1 200 OK\n\n", 400, errBareLF},
		{"HTTP/1.1 200 OK\r\n\n", 400, errBareLF},
		{"HTTP/1.1 200 OK\r\n\r\r\n", 400, errBareCR},
		{"\n", 400, errBareLF},
	}},
}

func TestResponseVerdicts(t *testing.T) {
	for _, table := range responseTables {
		t.Run(table.name, func(t *testing.T) {
			var r Response
			for _, c := range table.cases {
				c.in = fmt.Sprintf(table.pattern, c.in)
				c.check(t, &r, Limits{})
			}
		})
	}
}

func responseSeeds() []string {
	var seeds []string
	for _, table := range responseTables {
		for _, c := range table.cases {
			seeds = append(seeds, fmt.Sprintf(table.pattern, c.in))
		}
	}
	return seeds
}

func TestResponse(t *testing.T) {
	var r Response
	in := "HTTP/1.0 404 Not Found\r\nConnection: keep-alive, x\r\nX: 1\r\nContent-Length: 3\r\nContent-Type: a\r\n\r\n"
	n, err := parseSplits(t, &r, []byte(in+"abc"), Limits{})
	if n != len(in) || err != nil {
		t.Fatal(n, err)
	}
	if r.Status != 404 || string(r.Reason) != "Not Found" || r.Minor != 0 || r.ContentLength != 3 || r.Chunked || r.Close {
		t.Errorf("%+v", r)
	}
	if len(r.Fields) != 4 || !r.Fields[0].Hop || !r.Fields[1].Hop || r.Fields[2].Hop || r.Fields[3].Hop {
		t.Errorf("%s", describeFields(r.Fields))
	}
	if v := r.Value(FieldContentType); string(v) != "a" {
		t.Errorf("Content-Type is %q", v)
	}
}

func TestResponseClose(t *testing.T) {
	for in, want := range map[string]bool{
		"HTTP/1.1 200 OK\r\n\r\n":                                       false,
		"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n":                  true,
		"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n":             false,
		"HTTP/1.0 200 OK\r\n\r\n":                                       true,
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n":             false,
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nX: y\r\n\r\n":     false,
		"HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\n\r\n":      true,
		"HTTP/1.1 200 OK\r\nConnection: x\r\nConnection: Close\r\n\r\n": true,
	} {
		var r Response
		if _, err := r.Parse([]byte(in), Limits{}); err != nil || r.Close != want {
			t.Errorf("%q: close %v, %v", in, r.Close, err)
		}
	}
}

func TestBodyAllowed(t *testing.T) {
	for _, tt := range []struct {
		method string
		status int
		want   bool
	}{
		{"GET", 200, true}, {"GET", 404, true}, {"POST", 500, true}, {"GET", 205, true}, {"GET", 999, true},
		{"GET", 100, false}, {"GET", 101, false}, {"GET", 103, false}, {"GET", 199, false},
		{"GET", 204, false}, {"GET", 304, false}, {"GET", 203, true}, {"GET", 303, true},
		{"HEAD", 200, false}, {"HEAD", 404, false}, {"head", 200, true},
		{"CONNECT", 200, false}, {"CONNECT", 299, false}, {"CONNECT", 407, true},
	} {
		if got := BodyAllowed([]byte(tt.method), tt.status); got != tt.want {
			t.Errorf("BodyAllowed(%s, %d) = %v", tt.method, tt.status, got)
		}
	}
}

func TestResponseAllocatesNothing(t *testing.T) {
	buf := []byte("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nX: y\r\n\r\n")
	var r Response
	parse := func() {
		r.Reset()
		if n, err := r.Parse(buf, Limits{}); n == 0 || err != nil {
			t.Fatal(n, err)
		}
	}
	parse() // makes room for the fields
	if n := testing.AllocsPerRun(100, parse); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
