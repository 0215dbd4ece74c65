package http1

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// requestTables are all tables of raw requests and what stands around their cases.
var requestTables = []struct {
	name, pattern string
	cases         []verdict
}{
	{"lines", "%s", linesCases},
	{"request line", "%s\r\nHost: a\r\n\r\n", requestLineCases},
	{"target", "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", targetCases},
	{"asterisk", "%s HTTP/1.1\r\nHost: a\r\n\r\n", asteriskCases},
	{"host", "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", hostCases},
	{"host field", "GET / HTTP/%s\r\n\r\n", hostFieldCases},
	{"host field beside absolute-form", "GET http://b/ HTTP/%s\r\n\r\n", absoluteHostCases},
	{"field", "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n", fieldCases},
	{"framing", "POST / HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n", framingCases},
	{"framing of HTTP/1.0", "POST / HTTP/1.0\r\n%s\r\n\r\n", framing10Cases},
	{"connection", "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n", connectionCases},
	{"body", "POST / HTTP/1.1\r\nHost: a\r\n%s", bodyCases},
}

// bodyCases are complete or broken bodies; the head is accepted in all, and
// what comes after it must mean the same to net/http.
var bodyCases = []verdict{
	{"\r\nGET", 0, nil},
	{"Content-Length: 3\r\n\r\nabcdef", 0, nil},
	{"Content-Length: 3\r\n\r\nab", 0, nil},
	{"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1", 0, nil},
	{"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n1\r\nd\r\n0\r\nX: y\r\n\r\nrest", 0, nil},
	{"Transfer-Encoding: chunked\r\n\r\n0\r\nX: 1\r\nx: 2\r\n\r\n", 0, nil},
	{"Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n0\r\nX: 1\r\n\r\n", 0, nil},
	{"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 0, nil},
	{"Pragma: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, nil},
}

func TestRequestVerdicts(t *testing.T) {
	for _, table := range requestTables {
		t.Run(table.name, func(t *testing.T) { checkRequests(t, table.pattern, table.cases) })
	}
}

// requestSeeds returns all raw requests of the tables.
func requestSeeds() []string {
	var seeds []string
	for _, table := range requestTables {
		for _, c := range table.cases {
			seeds = append(seeds, fmt.Sprintf(table.pattern, c.in))
		}
	}
	return seeds
}

func TestRequestLimits(t *testing.T) {
	const fifty = "GET / HTTP/1.1\r\nHost: a\r\nX: 901234567890123456\r\n\r\n"
	if len(fifty) != 50 {
		t.Fatalf("%d bytes", len(fifty))
	}
	for _, tt := range []struct {
		verdict
		lim Limits
	}{
		{verdict{fifty, 0, nil}, Limits{Head: 50}},
		{verdict{fifty + "body", 0, nil}, Limits{Head: 50}},
		{verdict{fifty, 431, errHead}, Limits{Head: 49}},
		{verdict{"\r\n" + fifty, 431, errHead}, Limits{Head: 50}},
		{verdict{"\r\n" + fifty, 0, nil}, Limits{Head: 52}},
		{verdict{fifty, 431, errHead}, Limits{Head: 48}},
		{verdict{fifty, 431, errHead}, Limits{Head: 30}},
		{verdict{fifty, 431, errHead}, Limits{Head: 16}},
		{verdict{fifty, 414, errTargetLong}, Limits{Head: 15}},
		{verdict{fifty, 414, errTargetLong}, Limits{Head: 5}},
		{verdict{"GET / HTTP/1.1\r\nHost: a\r\nBad Name: 1\r\n\r\n", 400, errNameSpace}, Limits{Head: 40}},
		{verdict{"GET / HTTP/1.1\r\nHost: a\r\nBad Name: 1\r\n\r\n", 431, errHead}, Limits{Head: 30}},
		{verdict{"GET / HTTP/9.9\r\n", 505, errVersionOther}, Limits{Head: 16}},

		{verdict{fifty, 0, nil}, Limits{Fields: 2}},
		{verdict{fifty, 431, errFields}, Limits{Fields: 1}},
		{verdict{"GET / HTTP/1.1\r\nHost: a\r\nBad Name: 1\r\n\r\n", 431, errFields}, Limits{Fields: 1}},
		{verdict{"GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X: y\r\n", 99) + "\r\n", 0, nil}, Limits{}},
		{verdict{"GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X: y\r\n", 100) + "\r\n", 431, errFields}, Limits{}},
		{verdict{"GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X: y\r\n", 200) + "\r\n", 0, nil}, Limits{Fields: 500}},

		{verdict{"GET /234 HTTP/1.1\r\nHost: a\r\n\r\n", 0, nil}, Limits{Target: 4}},
		{verdict{"GET /2345 HTTP/1.1\r\nHost: a\r\n\r\n", 414, errTargetLong}, Limits{Target: 4}},
		{verdict{"GET /%zz5 HTTP/1.1\r\nHost: a\r\n\r\n", 414, errTargetLong}, Limits{Target: 4}},
		{verdict{"GET /\x005 HTTP/1.1\r\nHost: a\r\n\r\n", 400, errTarget}, Limits{Target: 2}},

		{verdict{"GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("y", 32<<10-32) + "\r\n\r\n", 0, nil}, Limits{}},
		{verdict{"GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("y", 32<<10-31) + "\r\n\r\n", 431, errHead}, Limits{}},
	} {
		tt.check(t, new(Request), tt.lim)
	}
}

// What does not end is not decided on, unless it can no longer become a head.
func TestRequestIncomplete(t *testing.T) {
	for _, in := range []string{
		"", "G", "GET", "GET /", "GET / HTTP/1.1", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\n", "\r", "\r\n", "\r\nG",
		"GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r", "GET / HTTP/1.1\r\nHost: a\r\nX",
		"GET / HTTP/1.1\r\nHost: a\r\n X", "GET / HTTP/1.1\rX",
	} {
		var r Request
		if n, err := parseSplits(t, &r, []byte(in), Limits{}); n != 0 || err != nil {
			t.Errorf("%q: %d, %v", in, n, err)
		}
	}
}

func TestRequestBodyHints(t *testing.T) {
	for _, tt := range []struct {
		version, fields string
		length          int64
		chunked, expect bool
	}{
		{"1.1", "", -1, false, false},
		{"1.1", "Content-Length: 0\r\n", 0, false, false},
		{"1.1", "Content-Length: 007\r\n", 7, false, false},
		{"1.1", "Transfer-Encoding: Chunked\r\n", -1, true, false},
		{"1.1", "Expect: 100-continue\r\n", -1, false, false},
		{"1.1", "Expect: 100-continue\r\nContent-Length: 0\r\n", 0, false, false},
		{"1.1", "Expect: 100-continue\r\nContent-Length: 1\r\n", 1, false, true},
		{"1.1", "Content-Length: 1\r\nExpect: 100-Continue\r\n", 1, false, true},
		{"1.1", "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", -1, true, true},
		{"1.0", "Expect: 100-continue\r\nContent-Length: 1\r\n", 1, false, false},
	} {
		in := "POST / HTTP/" + tt.version + "\r\nHost: a\r\n" + tt.fields + "\r\n"
		var r Request
		if n, err := parseSplits(t, &r, []byte(in), Limits{}); n != len(in) || err != nil {
			t.Errorf("%q: %d, %v", in, n, err)
		}
		if r.ContentLength != tt.length || r.Chunked != tt.chunked || r.Expect100 != tt.expect {
			t.Errorf("%q: length %d chunked %v expect %v", in, r.ContentLength, r.Chunked, r.Expect100)
		}
	}
}

// Requests that follow each other on a connection are parsed with one Request.
func TestRequestPipelined(t *testing.T) {
	in := []byte("GET http://b?1 HTTP/1.1\r\nHost: a\r\nConnection: x\r\nX_: y\r\n\r\n" +
		"\r\nPOST /2 HTTP/1.0\r\nContent-Length: 0\r\n\r\n" +
		"OPTIONS * HTTP/1.1\r\nHost: c\r\n\r\n")
	var r Request
	var got []string
	for len(in) > 0 {
		r.Reset()
		n, err := r.Parse(in, Limits{})
		if n == 0 || err != nil {
			t.Fatalf("%q: %d, %v", in, n, err)
		}
		got = append(got, fmt.Sprintf("%s %s %s %d %d", r.Method, r.Target, r.Host, len(r.Fields), r.ContentLength))
		in = in[n:]
	}
	want := "GET /?1 b 3 -1|POST /2  1 0|OPTIONS * c 1 -1"
	if strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", strings.Join(got, "|"), want)
	}
}

// A refusal is final, whatever comes after it.
func TestRequestRefusedStaysRefused(t *testing.T) {
	var r Request
	in := []byte("GET / HTTP/1.1\r\nHost a\r\n\r\n")
	_, first := r.Parse(in, Limits{})
	_, again := r.Parse([]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Limits{})
	if first == nil || again != first {
		t.Errorf("%v, then %v", first, again)
	}
	r.Reset()
	if n, err := r.Parse([]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Limits{}); n == 0 || err != nil {
		t.Errorf("after Reset: %d, %v", n, err)
	}
}

func TestRequestValue(t *testing.T) {
	var r Request
	if _, err := r.Parse([]byte("GET / HTTP/1.1\r\nHost: a\r\nRange: b\r\nRange: c\r\nDate:\r\n\r\n"), Limits{}); err != nil {
		t.Fatal(err)
	}
	if v := r.Value(FieldRange); string(v) != "b" {
		t.Errorf("Range is %q", v)
	}
	if v := r.Value(FieldDate); v == nil || len(v) > 0 {
		t.Errorf("Date is %#v", v)
	}
	if v := r.Value(FieldTE); v != nil {
		t.Errorf("TE is %q", v)
	}
}

// A client that sends a long head byte by byte costs no more than the bytes.
func TestRequestSearchesOnce(t *testing.T) {
	in := []byte("GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("y", 1000) + "\r\n\r\n")
	var r Request
	for i := range in {
		if _, err := r.Parse(in[:i], Limits{}); err != nil {
			t.Fatal(err)
		}
		if r.cursor.seen != i {
			t.Fatalf("after %d bytes it has seen %d", i, r.cursor.seen)
		}
	}
}

func TestRequestAllocatesNothing(t *testing.T) {
	for _, in := range []string{
		wrkHead, browserHead,
		"GET http://[::1]:80?a HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\nX: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", // refused
	} {
		buf := []byte(in)
		var r Request
		parse := func() {
			r.Reset()
			if n, err := r.Parse(buf, Limits{}); n == 0 && err == nil {
				t.Fatalf("%q is not complete", in)
			}
		}
		parse() // makes room for the fields
		if n := testing.AllocsPerRun(100, parse); n != 0 {
			t.Errorf("%q: %v allocations", bytes.SplitN(buf, []byte("\r\n"), 2)[0], n)
		}
	}
}
