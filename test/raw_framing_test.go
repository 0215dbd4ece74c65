package test

import (
	"fmt"
	"strings"
)

// rawLengths is about Content-Length (RFC 9110 section 8.6, RFC 9112 section 6.3).
var rawLengths = rawLengthCases()

func rawLengthCases() []rawCase {
	cases := []rawCase{
		{name: "length", send: rawPost("Content-Length: 5\r\n", "hello"), want: "200", app: []string{"> POST /echo", "= hello", "Content-Length: 5"}},
		{name: "length 0", send: rawPost("Content-Length: 0\r\n", ""), want: "200", app: []string{"= ", "Content-Length: 0"}},
		{name: "no length", send: rawPost("", ""), want: "200", app: []string{"= "}},
		{name: "length with zeros", send: rawPost("Content-Length: 0005\r\n", "hello"), want: "200", app: []string{"= hello", "Content-Length: 5"}},
		{name: "length between spaces", send: rawPost("Content-Length: \t5 \r\n", "hello"), want: "200", app: []string{"= hello"}},
		{name: "length in capitals", send: rawPost("CONTENT-LENGTH:5\r\n", "hello"), want: "200", app: []string{"= hello"}},
		{name: "length of GET", send: rawGet("Content-Length: 5\r\n") + "hello", want: "200", app: []string{"> GET /echo", "= hello"}},
		{name: "length of DELETE", send: "DELETE /echo HTTP/1.1\r\n" + rawHost + rawID + "Content-Length: 5\r\n\r\nhello", want: "200", app: []string{"> DELETE /echo", "= hello"}},
		{name: "length of HEAD", send: "HEAD /echo HTTP/1.1\r\n" + rawHost + rawID + "Content-Length: 5\r\n\r\nhello", head: true, want: "200"},
		{name: "body of CRLF", send: rawPost("Content-Length: 4\r\n", "\r\n\r\n"), want: "200", app: []string{"= \r\n\r\n"}},
		{name: "body of bytes", send: rawPost("Content-Length: 4\r\n", "\x00\xff\r\x80"), want: "200", app: []string{"= \x00\xff\r\x80"}},
		{name: "CRLF behind a body", send: rawPost("Content-Length: 5\r\n", "hello\r\n"), want: "200", app: []string{"= hello"}},
		{name: "more behind a body", send: rawPost("Content-Length: 5\r\n", "hello/"), want: "200 400."},
		{name: "length twice", send: rawPost("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), want: "400."},
		{name: "two lengths", send: rawPost("Content-Length: 5\r\nContent-Length: 0\r\n", "hello"), want: "400."},
		{name: "two lengths, one of them 0", send: rawPost("Content-Length: 0\r\nContent-Length: 5\r\n", "hello"), want: "400."},
		{name: "length too large to allow", send: rawPost("Content-Length: 9223372036854775807\r\n", ""), want: "413."},
		{name: "space before the colon of a length", send: rawPost("Content-Length : 5\r\n", "hello"), want: "400."},
		{name: "length in a fold", send: rawPost("Content-Length:\r\n 5\r\n", "hello"), want: "400."},
		{name: "length and chunked", send: rawPost("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), want: "400."},
		{name: "chunked and length", send: rawPost("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "5\r\nhello\r\n0\r\n\r\n"), want: "400."},
		{name: "length 0 and chunked", send: rawPost("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), want: "400."},
	}
	for _, length := range []string{
		"", "+5", "-5", "-0", "5,5", "5, 5", "5,", "5;x", "5 5", "5.0", "5e0", "0x5", "5h", "five", "\"5\"", "٥", "9223372036854775808", "18446744073709551621",
		"99999999999999999999999999", "5\x00", "5\x0b", "5\r", "_5",
	} {
		cases = append(cases, rawCase{name: fmt.Sprintf("length %q", length), send: rawPost("Content-Length: "+length+"\r\n", "hello"), want: "400."})
	}
	return cases
}

// rawCodings is about Transfer-Encoding (RFC 9112 sections 6.1 and 6.3).
var rawCodings = rawCodingCases()

func rawCodingCases() []rawCase {
	const chunked = "5\r\nhello\r\n0\r\n\r\n"
	cases := []rawCase{
		{name: "Transfer-Encoding twice", send: rawPost("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunked), want: "400."},
		{name: "Transfer-Encoding twice, identity", send: rawPost("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunked), want: "400."},
		{name: "Transfer-Encoding in HTTP/1.0", send: "POST /echo HTTP/1.0\r\n" + rawHost + rawID + "Transfer-Encoding: chunked\r\n\r\n" + chunked, want: "400."},
		{name: "space before the colon of Transfer-Encoding", send: rawPost("Transfer-Encoding : chunked\r\n", chunked), want: "400."},
		{name: "tab before the colon of Transfer-Encoding", send: rawPost("Transfer-Encoding\t: chunked\r\n", chunked), want: "400."},
		{name: "VT before the colon of Transfer-Encoding", send: rawPost("Transfer-Encoding\x0b: chunked\r\n", chunked), want: "400."},
		{name: "Transfer-Encoding in a fold", send: rawPost("Transfer-Encoding:\r\n chunked\r\n", chunked), want: "400."},
		{name: "space before Transfer-Encoding", send: rawPost("X-A: b\r\n Transfer-Encoding: chunked\r\n", chunked), want: "400."},
		{name: "Transfer-Encoding behind LF", send: rawPost("X-A: b\nTransfer-Encoding: chunked\r\n", chunked), want: "400."},
		{name: "Transfer-Encoding behind CR", send: rawPost("X-A: b\rTransfer-Encoding: chunked\r\n", chunked), want: "400."},
		{name: "Transfer-Encoding of GET", send: rawGet("Transfer-Encoding: chunked\r\n") + chunked, want: "200", app: []string{"> GET /echo", "= hello"}},
		{name: "Transfer-Encoding of HEAD", send: "HEAD /echo HTTP/1.1\r\n" + rawHost + rawID + "Transfer-Encoding: chunked\r\n\r\n" + chunked, head: true, want: "200"},
	}
	for _, coding := range []string{"chunked", "Chunked", "CHUNKED", "\t chunked \t"} {
		cases = append(cases, rawCase{name: fmt.Sprintf("Transfer-Encoding %q", coding), send: rawPost("Transfer-Encoding:"+coding+"\r\n", chunked), want: "200",
			app: []string{"= hello", "Content-Length: 5", "- Transfer-Encoding"}})
	}
	for coding, want := range map[string]string{
		"": "400.", "chunked, chunked": "400.", "chunked,chunked": "400.", "chunked, gzip": "400.", "chunked;a=b": "400.", "chunked; a": "400.", "\"chunked\"": "400.",
		"chunked\x00": "400.", "chunked\x0b": "400.", "\x0bchunked": "400.", "chunked,": "400.", ",chunked": "400.", "chunked gzip": "400.", "chun ked": "400.",
		"gzip": "501.", "gzip, chunked": "501.", "gzip,chunked": "501.", "identity": "501.", "identity, chunked": "501.", "xchunked": "501.", "chunkedx": "501.", "deflate": "501.",
		"x": "501.", "gzip;q=1, chunked": "501.",
	} {
		cases = append(cases, rawCase{name: fmt.Sprintf("Transfer-Encoding: %q", coding), send: rawPost("Transfer-Encoding: "+coding+"\r\n", chunked), want: want})
	}
	return cases
}

// rawChunks is about chunked bodies (RFC 9112 section 7.1).
func rawChunks() []rawCase {
	var cases []rawCase
	for _, body := range []string{
		"5\r\nhello\r\n0\r\n\r\n", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n",
		"05\r\nhello\r\n0\r\n\r\n", "0000000000000005\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n000\r\n\r\n",
		"5;a\r\nhello\r\n0\r\n\r\n", "5;a=b\r\nhello\r\n0\r\n\r\n", "5;a=\"b;\\\"c\"\r\nhello\r\n0\r\n\r\n", "5;a;b=c\r\nhello\r\n0;d\r\n\r\n",
		"5\r\nhello\r\n0\r\nX-A: b\r\n\r\n", "5\r\nhello\r\n0\r\nX-A: b\r\nX-A: c\r\nX-Empty:\r\n\r\n",
	} {
		cases = append(cases, rawCase{name: fmt.Sprintf("chunks %q", body), send: rawPost("Transfer-Encoding: chunked\r\n", body), want: "200",
			app: []string{"= hello", "Content-Length: 5", "- X-A", "- X-Empty"}})
	}
	cases = append(cases,
		rawCase{name: "no chunks", send: rawPost("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), want: "200", app: []string{"= ", "Content-Length: 0"}},
		rawCase{name: "a chunk in capitals", send: rawPost("Transfer-Encoding: chunked\r\n", "A\r\n0123456789\r\n0\r\n\r\n"), want: "200", app: []string{"= 0123456789"}},
		rawCase{name: "a chunk in small letters", send: rawPost("Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n0\r\n\r\n"), want: "200", app: []string{"= 0123456789"}},
		rawCase{name: "chunks up to the limit", send: rawPost("Transfer-Encoding: chunked\r\n", "3e8\r\n"+strings.Repeat("x", 1000)+"\r\n0\r\n\r\n"), want: "200"},
		rawCase{name: "chunks beyond the limit", send: rawPost("Transfer-Encoding: chunked\r\n", "3e9\r\n"+strings.Repeat("x", 1001)+"\r\n0\r\n\r\n"), want: "413."},
		rawCase{name: "the largest chunk that there can be", send: rawPost("Transfer-Encoding: chunked\r\n", "7fffffffffffffff\r\n"+strings.Repeat("x", 1001)), want: "413."},
		rawCase{name: "extensions beyond the limit", send: rawPost("Transfer-Encoding: chunked\r\n", "5;a="+strings.Repeat("x", 2100)+"\r\nhello\r\n0\r\n\r\n"), want: "400."},
		rawCase{name: "trailers beyond the limit", send: rawPost("Transfer-Encoding: chunked\r\n", "0\r\nX-A: "+strings.Repeat("x", 4100)+"\r\n\r\n"), want: "431."},
		rawCase{name: "too many trailers", send: rawPost("Transfer-Encoding: chunked\r\n", "0\r\n"+strings.Repeat("X-A: b\r\n", 33)+"\r\n"), want: "431."},
	)
	for _, body := range []string{
		"\r\nhello\r\n0\r\n\r\n", "g\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n",
		"5 \r\nhello\r\n0\r\n\r\n", "5\t\r\nhello\r\n0\r\n\r\n", "5h\r\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "5\rhello\r\n0\r\n\r\n", "5\r\r\nhello\r\n0\r\n\r\n",
		"5\r\nhello0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello\r0\r\n\r\n", "5\r\nhello!\r\n0\r\n\r\n", "5\r\nhell\r\n0\r\n\r\n", "5\r\nhello\r\n0\n\r\n", "5\r\nhello\r\n0\r\n\n",
		"00000000000000005\r\nhello\r\n0\r\n\r\n", "10000000000000005\r\nhello\r\n0\r\n\r\n", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", "8000000000000000\r\nhello\r\n0\r\n\r\n",
		"5;\r\nhello\r\n0\r\n\r\n", "5;;a\r\nhello\r\n0\r\n\r\n", "5 ;a\r\nhello\r\n0\r\n\r\n", "5; a\r\nhello\r\n0\r\n\r\n", "5;a =b\r\nhello\r\n0\r\n\r\n", "5;a= b\r\nhello\r\n0\r\n\r\n",
		"5;a=\r\nhello\r\n0\r\n\r\n", "5;=b\r\nhello\r\n0\r\n\r\n", "5;a=\"b\r\nhello\r\n0\r\n\r\n", "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n", "5;a\nhello\r\n0\r\n\r\n", "5;a\x00\r\nhello\r\n0\r\n\r\n",
		"5;a=\"\n\"\r\nhello\r\n0\r\n\r\n", "5,a\r\nhello\r\n0\r\n\r\n",
		"0\r\nX-A b\r\n\r\n", "0\r\n: b\r\n\r\n", "0\r\nX-A : b\r\n\r\n", "0\r\n X-A: b\r\n\r\n", "0\r\nX-A: b\r\n c\r\n\r\n", "0\r\nX-A: b\n\r\n", "0\r\nX-A: b\rc\r\n\r\n", "0\r\nX-A: \x00\r\n\r\n",
		"0\r\nContent-Length: 5\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\nHost: evil\r\n\r\n", "0\r\nConnection: close\r\n\r\n", "0\r\nAuthorization: Basic eDp5\r\n\r\n",
		"0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n", "0\r\nContent-Type: text/html\r\n\r\n", "0\r\nTrailer: X-A\r\n\r\n", "0\r\nCookie: a=b\r\n\r\n", "0\r\nRange: bytes=0-\r\n\r\n",
	} {
		cases = append(cases, rawCase{name: fmt.Sprintf("chunks %q", body), send: rawPost("Transfer-Encoding: chunked\r\n", body), want: "400."})
	}
	return cases
}

// rawSmuggling is what has robbed others: a message whose end two parties see
// in different places. However it is seen here, each answer is one run.
var rawSmuggling = []rawCase{
	{name: "a request in a body", send: rawPost(fmt.Sprintf("Content-Length: %d\r\n", rawEvilLength), rawEvil), want: "200"},
	{name: "a request in a body of GET", send: rawGet(fmt.Sprintf("Content-Length: %d\r\n", rawEvilLength)) + rawEvil, want: "200"},
	{name: "a request behind a body of 0", send: rawPost("Content-Length: 0\r\n", rawEvil), want: "200 200"},
	{name: "a request behind no body", send: rawPost("", rawEvil), want: "200 200"},
	{name: "CL.TE", send: rawPost("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG"), want: "400."},
	{name: "TE.CL", send: rawPost("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "5c\r\n"+rawEvil+"0\r\n\r\n"), want: "400."},
	{name: "TE.TE", send: rawPost("Transfer-Encoding: chunked\r\nTransfer-encoding: cow\r\n", "5c\r\n"+rawEvil+"0\r\n\r\n"), want: "400."},
	{name: "TE.0", send: rawPost("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"+rawEvil), want: "200 200"},
	{name: "CL.CL", send: rawPost("Content-Length: 8\r\nContent-Length: 7\r\n", "12345\r\na"), want: "400."},
	{name: "chunked in an unknown coding", send: rawPost("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"+rawEvil), want: "501."},
	{name: "an obscured Transfer-Encoding", send: rawPost("Content-Length: 5\r\nX: X\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"+rawEvil), want: "400."},
	{name: "a Transfer-Encoding without colon", send: rawPost("Transfer-Encoding chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"+rawEvil), want: "400."},
	{name: "a request in a chunk extension", send: rawPost("Transfer-Encoding: chunked\r\n", "1;\n"+rawEvil), want: "400."},
	{name: "a request in a quoted extension", send: rawPost("Transfer-Encoding: chunked\r\n", "1;a=\"\r\nx\r\n0\r\n\r\n"+rawEvil), want: "400."},
	{name: "a request in a chunk", send: rawPost("Transfer-Encoding: chunked\r\n", "3\r\nGET\r\n0\r\n\r\n"), want: "200", app: []string{"= GET"}},
	{name: "a request behind a bad chunk", send: rawPost("Transfer-Encoding: chunked\r\n", "1\r\nxx\r\n0\r\n\r\n"+rawEvil), want: "400."},
	{name: "a request behind a bad trailer", send: rawPost("Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 5\r\n\r\n"+rawEvil), want: "400."},
	{name: "a request in a trailer", send: rawPost("Transfer-Encoding: chunked\r\n", "0\r\nGET /evil HTTP/1.1\r\n\r\n"), want: "400."},
	{name: "a request in a field", send: rawGet("X-A: b\r\n\r\n" + strings.TrimSuffix(rawEvil, "\r\n")), want: "200 200"},
	{name: "a request in the target", send: rawLine("GET /echo HTTP/1.1\r\nHost:lab\r\n" + rawID + "\r\nGET /evil HTTP/1.1"), want: "200 200"},
	{name: "a request behind a refused one", send: "GET /echo HTTP/1.1\r\n\r\n" + rawEvil, want: "400."},
	{name: "a request behind CONNECT", send: rawLine("CONNECT lab:80 HTTP/1.1") + rawEvil, want: "501."},
	{name: "a request behind Upgrade", send: rawGet("Connection: Upgrade\r\nUpgrade: websocket\r\n") + rawEvil, want: "501."},
	{name: "a request behind close", send: rawGet("Connection: close\r\n") + rawEvil, want: "200."},
	{name: "a request behind HTTP/1.0", send: "GET /echo HTTP/1.0\r\n" + rawID + "\r\n" + rawEvil, want: "200."},
	{name: "a request behind too large a body", send: rawPost("Content-Length: 1001\r\n", rawEvil), want: "413."},
	{name: "a request behind an unknown expectation", send: rawPost("Expect: x\r\nContent-Length: 0\r\n", rawEvil), want: "417."},
	{name: "a request to the entry with a body", send: "POST /server HTTP/1.1\r\n" + rawHost + fmt.Sprintf("Content-Length: %d\r\n\r\n", rawEvilLength) + rawEvil, want: "405."},
	{name: "ten requests", send: strings.Repeat(rawGet(""), 10), want: strings.Repeat("200 ", 10)},
	{name: "requests of every kind", send: rawGet("") + rawPost("Content-Length: 5\r\n", "hello") + rawPost("Transfer-Encoding: chunked\r\n", "0\r\n\r\n") + "\r\n" + rawGet(""), want: "200 200 200 200"},
	{name: "the third of four is refused", send: rawGet("") + rawPost("Content-Length: 5\r\n", "hello") + rawGet("X-A : b\r\n") + rawEvil, want: "200 200 400."},
}

// rawEvilLength is the length of rawEvil on the wire.
const rawEvilLength = len(rawEvil) - len("{}") + rawIDLength
