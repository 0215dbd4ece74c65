package http1

import (
	"net/netip"
	"strings"
	"testing"
)

// hostCases stand for Host in "GET / HTTP/1.1\r\nHost: %s\r\n\r\n".
var hostCases = []verdict{
	{"a", 0, nil},
	{"example.com", 0, nil},
	{"EXAMPLE.com.", 0, nil},
	{"example.com:80", 0, nil},
	{"example.com:", 0, nil},
	{"example.com:0", 0, nil},
	{"example.com:65535", 0, nil},
	{"xn--bcher-kva.example", 0, nil},
	{"a_b", 0, nil},
	{"-", 0, nil},
	{"a~!$&'()*+,;=b", 0, nil},
	{"127.0.0.1", 0, nil},
	{"127.0.0.1:8080", 0, nil},
	{"1.2.3.4.5", 0, nil}, // a name
	{"999.999.999.999", 0, nil},
	{"[::1]", 0, nil},
	{"[::1]:80", 0, nil},
	{"[::1]:", 0, nil},
	{"[::]", 0, nil},
	{"[2001:DB8::a]", 0, nil},
	{"[::ffff:1.2.3.4]", 0, nil},
	{"[1:2:3:4:5:6:7:8]:443", 0, nil},
	{"  a \t", 0, nil},
	{"a" + strings.Repeat(".a", 500), 0, nil},
	{"", 400, errHost},
	{" ", 400, errHost},
	{":", 400, errHost},
	{":80", 400, errHost},
	{"a:65536", 400, errHost},
	{"a:99999", 400, errHost},
	{"a:000080", 400, errHost},
	{"a:+80", 400, errHost},
	{"a:-1", 400, errHost},
	{"a: 80", 400, errHost},
	{"a :80", 400, errHost},
	{"a:80 ", 0, nil},
	{"a:8 0", 400, errHost},
	{"a:http", 400, errHost},
	{"a:0x50", 400, errHost},
	{"a:80:80", 400, errHost},
	{"a::80", 400, errHost},
	{"a b", 400, errHost},
	{"a, b", 400, errHost},
	{"a\tb", 400, errHost},
	{"a/", 400, errHost},
	{"a/b", 400, errHost},
	{"/", 400, errHost},
	{"http://a", 400, errHost},
	{"//a", 400, errHost},
	{"a?b", 400, errHost},
	{"a#b", 400, errHost},
	{"a@b", 400, errHost},
	{"u:p@b", 400, errHost},
	{"a\\b", 400, errHost},
	{"a%41", 400, errHost},
	{"%61", 400, errHost},
	{"a<b", 400, errHost},
	{"a>b", 400, errHost},
	{"a\"b", 400, errHost},
	{"a|b", 400, errHost},
	{"a^b", 400, errHost},
	{"a`b", 400, errHost},
	{"{a}", 400, errHost},
	{"b\xc3\xbccher", 400, errHost},
	{"a\xff", 400, errHost},
	{"a\x00b", 400, errControl},
	{"a\x7f", 400, errControl},
	{"::1", 400, errHost},
	{"::1:80", 400, errHost},
	{"[]", 400, errHost},
	{"[", 400, errHost},
	{"]", 400, errHost},
	{"[:]", 400, errHost},
	{"[:::]", 400, errHost},
	{"[::1", 400, errHost},
	{"::1]", 400, errHost},
	{"[::1]]", 400, errHost},
	{"[[::1]]", 400, errHost},
	{"[::1]80", 400, errHost},
	{"[::1]a", 400, errHost},
	{"[::1].a", 400, errHost},
	{"a[::1]", 400, errHost},
	{"[::1]:80:80", 400, errHost},
	{"[::1]:x", 400, errHost},
	{"[::1%25eth0]", 400, errHost},
	{"[::1%eth0]", 400, errHost},
	{"[fe80::1%1]", 400, errHost},
	{"[::g]", 400, errHost},
	{"[12345::]", 400, errHost},
	{"[1:2:3:4:5:6:7]", 400, errHost},
	{"[1:2:3:4:5:6:7:8:9]", 400, errHost},
	{"[1::2::3]", 400, errHost},
	{"[1:2:3:4:5:6:7::8]", 400, errHost},
	{"[127.0.0.1]", 400, errHost},
	{"[::256.1.1.1]", 400, errHost},
	{"[::1.2.3]", 400, errHost},
	{"[v1.a:b]", 400, errHost},
	{"[example.com]", 400, errHost},
}

// hostFieldCases stand between "GET / HTTP/" and "\r\n\r\n".
var hostFieldCases = []verdict{
	{"1.1\r\nhost: a", 0, nil},
	{"1.1\r\nHOST: a", 0, nil},
	{"1.1\r\nHost:a", 0, nil},
	{"1.1\r\nX: b\r\nHost: a", 0, nil},
	{"1.0", 0, nil},
	{"1.0\r\nHost: a", 0, nil},
	{"1.1", 400, errHostMissing},
	{"1.1\r\nX: a", 400, errHostMissing},
	{"1.1\r\nHosts: a", 400, errHostMissing},
	{"1.1\r\nX-Host: a", 400, errHostMissing},
	{"1.1\r\nHost: a\r\nHost: a", 400, errHostRepeated},
	{"1.1\r\nHost: a\r\nHost: b", 400, errHostRepeated},
	{"1.1\r\nHost: a\r\nhOST: b", 400, errHostRepeated},
	{"1.1\r\nHost: a\r\nX: 1\r\nHost: /", 400, errHostRepeated},
	{"1.0\r\nHost: a\r\nHost: a", 400, errHostRepeated},
	{"1.0\r\nHost:", 400, errHost},
	{"1.0\r\nHost: a/b", 400, errHost},
	{"1.1\r\nHost : a", 400, errNameSpace},
}

// absoluteHostCases stand between "GET http://b/ HTTP/" and "\r\n\r\n": the
// Host field does not count, but must be as good as any.
var absoluteHostCases = []verdict{
	{"1.1\r\nHost: b", 0, nil},
	{"1.1\r\nHost: a", 0, nil},
	{"1.0", 0, nil},
	{"1.1", 400, errHostMissing},
	{"1.1\r\nHost:", 400, errHost},
	{"1.1\r\nHost: a b", 400, errHost},
	{"1.1\r\nHost: b\r\nHost: b", 400, errHostRepeated},
}

func TestIPv6(t *testing.T) {
	for _, in := range []string{
		"::", "::1", "1::", "1::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3::5:6:7:8",
		"::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1::1.2.3.4", "::255.255.255.255", "::0.0.0.0", "abcd:EF01::",
		"", ":", ":::", "1", "1:", ":1", "1:2", "1::2::3", "::1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "00001::", "g::", "1.2.3.4", "::1.2.3", "::1.2.3.4.5",
		"::1.2.3.256", "::01.2.3.4", "::1..2.3", "::.1.2.3", "::1.2.3.", "1:2:3:4:5:6:7:1.2.3.4", "1::2:3:4:5:6:1.2.3.4",
		"::1.2.3.4:5", "1:::2", "::a.1.2.3", "::1.2.3.a", "0:0:0:0:0:0:0:0", "::00.1.1.1", "::1 ", " ::1",
	} {
		addr, err := netip.ParseAddr(in)
		want := err == nil && addr.Is6()
		if got := validIPv6([]byte(in)); got != want {
			t.Errorf("validIPv6(%q) = %v, want %v as net/netip says", in, got, want)
		}
	}
}
