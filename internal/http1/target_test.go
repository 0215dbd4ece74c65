package http1

import (
	"fmt"
	"strings"
	"testing"
)

// targetCases stand between "GET " and " HTTP/1.1\r\nHost: a\r\n\r\n".
var targetCases = []verdict{
	// Origin-form.
	{"/", 0, nil},
	{"/a/b/c.html", 0, nil},
	{"/?", 0, nil},
	{"/?a=b&c=d", 0, nil},
	{"/a?b?c", 0, nil},
	{"//", 0, nil},
	{"//a/b", 0, nil},
	{"///", 0, nil},
	{"/..", 0, nil},
	{"/../../etc/passwd", 0, nil},
	{"/.", 0, nil},
	{"/a:b@c", 0, nil},
	{"/:80", 0, nil},
	{"/*", 0, nil},
	{"/-._~!$&'()*+,;=:@", 0, nil},
	{"/http://a/", 0, nil},
	{"/%20", 0, nil},
	{"/%2f%2F", 0, nil},
	{"/%00", 0, nil},
	{"/%0d%0aX:%20y", 0, nil},
	{"/%ff", 0, nil},
	{"/%E2%82%AC", 0, nil},
	{"/[a]", 0, nil},
	{"/{a}|^`\"<>", 0, nil},
	{"/?q=[]{}|^`\"<>", 0, nil},
	{"/?q=100%", 0, nil},
	{"/?q=%zz", 0, nil},
	{"/?a\\b", 0, nil},
	{"/a%20b?c%", 0, nil},
	{"/%", 400, errTargetPercent},
	{"/%2", 400, errTargetPercent},
	{"/%zz", 400, errTargetPercent},
	{"/%2z", 400, errTargetPercent},
	{"/%z2", 400, errTargetPercent},
	{"/%%20", 400, errTargetPercent},
	{"/%?20", 400, errTargetPercent},
	{"/%2?0", 400, errTargetPercent},
	{"/%u0041", 400, errTargetPercent},
	{"/a%", 400, errTargetPercent},
	{"/\\", 400, errTarget},
	{"/a\\..\\b", 400, errTarget},
	{"/a\\b?c", 400, errTarget},
	{"/#", 400, errTargetHash},
	{"/#a", 400, errTargetHash},
	{"/a#b?c", 400, errTargetHash},
	{"/?a#b", 400, errTargetHash},
	{"#", 400, errTargetHash},
	{"#/", 400, errTargetHash},
	{"/a\tb", 400, errTarget},
	{"/a\x00b", 400, errTarget},
	{"/a\x01b", 400, errTarget},
	{"/a\x0bb", 400, errTarget},
	{"/a\x1fb", 400, errTarget},
	{"/a\x7fb", 400, errTarget},
	{"/a\x80b", 400, errTarget},
	{"/a\xa0b", 400, errTarget},
	{"/é", 400, errTarget},
	{"/?é", 400, errTarget},
	{"/\xff", 400, errTarget},
	{"/a\rb", 400, errTarget},
	{"/a b", 400, errVersion},

	// Absolute-form.
	{"http://b", 0, nil},
	{"http://b/", 0, nil},
	{"http://b/c?d", 0, nil},
	{"http://b?d", 0, nil},
	{"http://b?", 0, nil},
	{"http://b:8080/", 0, nil},
	{"http://b:/", 0, nil},
	{"http://[::1]/", 0, nil},
	{"http://[::1]:80/", 0, nil},
	{"http://127.0.0.1/", 0, nil},
	{"https://b/", 0, nil},
	{"HTTP://b/", 0, nil},
	{"HtTpS://B/", 0, nil},
	{"http://b/%41", 0, nil},
	{"http://b/?%", 0, nil},
	{"http://b//", 0, nil},
	{"http://b/http://c/", 0, nil},
	{"http://b?http://c/", 0, nil},
	{"http://b/@", 0, nil},
	{"http://b/%", 400, errTargetPercent},
	{"http://b/\\", 400, errTarget},
	{"http://b/#", 400, errTargetHash},
	{"http://b#", 400, errTargetHash},
	{"http://", 400, errAuthority},
	{"http:///", 400, errAuthority},
	{"http://?", 400, errAuthority},
	{"http://:80/", 400, errAuthority},
	{"http://b:x/", 400, errAuthority},
	{"http://b:80:80/", 400, errAuthority},
	{"http://b:-1/", 400, errAuthority},
	{"http://b:65536/", 400, errAuthority},
	{"http://u@b/", 400, errAuthority},
	{"http://u:p@b/", 400, errAuthority},
	{"http://@b/", 400, errAuthority},
	{"http://b%41/", 400, errAuthority},
	{"http://b\\c/", 400, errAuthority},
	{"http://b\\@c/", 400, errAuthority},
	{"http://[::1/", 400, errAuthority},
	{"http://::1/", 400, errAuthority},
	{"http://[::1%25eth0]/", 400, errAuthority},
	{"http://[127.0.0.1]/", 400, errAuthority},
	{"http:/", 400, errTargetForm},
	{"http:", 400, errTargetForm},
	{"http:b", 400, errTargetForm},
	{"http:/b/", 400, errTargetForm},
	{"http/b", 400, errTargetForm},
	{"http", 400, errTargetForm},
	{"://b/", 400, errTargetForm},
	{":", 400, errTargetForm},
	{"ftp://b/", 400, errTargetForm},
	{"ws://b/", 400, errTargetForm},
	{"file:///etc/passwd", 400, errTargetForm},
	{"httpss://b/", 400, errTargetForm},
	{"ht\u212atp://b/", 400, errTarget},

	// Neither.
	{"*", 400, errTargetForm},
	{"**", 400, errTargetForm},
	{"*/", 400, errTargetForm},
	{"a", 400, errTargetForm},
	{"a:80", 400, errTargetForm},
	{"a/b", 400, errTargetForm},
	{"?a", 400, errTargetForm},
	{".", 400, errTargetForm},
	{"../", 400, errTargetForm},
	{"%2f", 400, errTargetForm},
	{"\\", 400, errTargetForm},
	{"a.example/", 400, errTargetForm},
	{"\"/\"", 400, errTargetForm},

	// Length: DefaultLimits.Target bytes, and the head that it is in.
	{"/" + strings.Repeat("a", 8191), 0, nil},
	{"/" + strings.Repeat("a", 8192), 414, errTargetLong},
	{"http://b/" + strings.Repeat("a", 8192-9), 0, nil},
	{"http://b/" + strings.Repeat("a", 8192-8), 414, errTargetLong},
	{"/" + strings.Repeat("a", 40000), 414, errTargetLong},
}

// asteriskCases stand before " HTTP/1.1\r\nHost: a\r\n\r\n".
var asteriskCases = []verdict{
	{"OPTIONS *", 0, nil},
	{"OPTIONS /", 0, nil},
	{"OPTIONS http://b", 0, nil},
	{"OPTIONS **", 400, errTargetForm},
	{"OPTIONS *?", 400, errTargetForm},
	{"OPTIONS /*", 0, nil},
	{"options *", 400, errTargetForm},
	{"HEAD *", 400, errTargetForm},
	{"POST *", 400, errTargetForm},
	{"OPTIONS a:80", 400, errTargetForm},
	{"TRACE *", 400, errTargetForm},
}

func TestTarget(t *testing.T) {
	for _, tt := range []struct{ line, target, host string }{
		{"GET /", "/", "a"},
		{"GET //b/c?d", "//b/c?d", "a"},
		{"GET http://b", "/", "b"},
		{"GET http://b/", "/", "b"},
		{"GET http://b/c?d", "/c?d", "b"},
		{"GET http://b?", "/?", "b"},
		{"GET http://b?c=/d", "/?c=/d", "b"},
		{"GET HTTPS://B:443/C", "/C", "B:443"},
		{"GET http://[::1]:8080", "/", "[::1]:8080"},
		{"OPTIONS *", "*", "a"},
		{"OPTIONS http://b", "*", "b"},
		{"OPTIONS http://b/", "/", "b"},
		{"OPTIONS http://b?c", "/?c", "b"},
	} {
		var r Request
		in := tt.line + " HTTP/1.1\r\nHost: a\r\n\r\n"
		if n, err := parseSplits(t, &r, []byte(in), Limits{}); n == 0 || err != nil {
			t.Errorf("%q: %d, %v", in, n, err)
		}
		if string(r.Target) != tt.target || string(r.Host) != tt.host {
			t.Errorf("%q: target %q host %q, want %q %q", tt.line, r.Target, r.Host, tt.target, tt.host)
		}
	}
}

// A target that is put together in memory of the request must not be mixed up
// with the one of the request after it.
func TestTargetReused(t *testing.T) {
	var r Request
	for i := range 3 {
		r.Reset()
		in := fmt.Sprintf("GET http://b?%d HTTP/1.1\r\nHost: a\r\n\r\n", i)
		if _, err := r.Parse([]byte(in), Limits{}); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("/?%d", i); string(r.Target) != want {
			t.Errorf("target %q, want %q", r.Target, want)
		}
	}
}
