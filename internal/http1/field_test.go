package http1

import (
	"reflect"
	"strings"
	"testing"
)

// fieldCases stand between "GET / HTTP/1.1\r\nHost: a\r\n" and "\r\n\r\n".
var fieldCases = []verdict{
	{"X: y", 0, nil},
	{"X:y", 0, nil},
	{"X:", 0, nil},
	{"X: ", 0, nil},
	{"X:\t", 0, nil},
	{"X: \t y \t ", 0, nil},
	{"X: a b", 0, nil},
	{"X: a\tb", 0, nil},
	{"X: a:b", 0, nil},
	{"X::", 0, nil},
	{"X: ::", 0, nil},
	{"X: \"a\\\"b\"", 0, nil},
	{"X: \x80\xff", 0, nil},
	{"X: caf\xc3\xa9 au lait, please", 0, nil},
	{"x: y\r\nX: z", 0, nil},
	{"!#$%&'*+-.^_`|~: y", 0, nil},
	{"0: y", 0, nil},
	{"a_b: y", 0, nil},
	{"X: " + strings.Repeat("y", 20000), 0, nil},
	{strings.Repeat("X", 5000) + ": y", 0, nil},
	{"X : y", 400, errNameSpace},
	{"X\t: y", 400, errNameSpace},
	{"X Y: z", 400, errNameSpace},
	{"X  : y", 400, errNameSpace},
	{" X: y", 400, errFold},
	{"\tX: y", 400, errFold},
	{" ", 400, errFold},
	{" : y", 400, errFold},
	{": y", 400, errNameEmpty},
	{":", 400, errNameEmpty},
	{"::", 400, errNameEmpty},
	{"X", 400, errColon},
	{"XY", 400, errColon},
	{"X Y", 400, errNameSpace},
	{"X\x00: y", 400, errName},
	{"\x00: y", 400, errName},
	{"\x00", 400, errName},
	{"X\x01Y: z", 400, errName},
	{"X\x0bY: z", 400, errName},
	{"X\x0c: y", 400, errName},
	{"\x0bX: y", 400, errName},
	{"X\x7f: y", 400, errName},
	{"X\x80: y", 400, errName},
	{"X\xa0: y", 400, errName},
	{"\xc3\xa9: y", 400, errName},
	{"X\rY: z", 400, errBareCR},
	{"X\r: y", 400, errBareCR},
	{"\rX: y", 400, errBareCR},
	{"X: \r", 400, errBareCR},
	{"X: y\rz", 400, errBareCR},
	{"X: y\r", 400, errBareCR},
	{"X: y\x00\rz", 400, errBareCR},
	{"X: y\nz: 1", 400, errBareLF},
	{"X\n: y", 400, errBareLF},
	{"X: \n y", 400, errBareLF},
	{"(X): y", 400, errName},
	{"<X>: y", 400, errName},
	{"X@: y", 400, errName},
	{"X,Y: z", 400, errName},
	{"X;Y: z", 400, errName},
	{"X\\: y", 400, errName},
	{"\"X\": y", 400, errName},
	{"X/Y: z", 400, errName},
	{"[X]: y", 400, errName},
	{"X?: y", 400, errName},
	{"X=Y: z", 400, errName},
	{"{X}: y", 400, errName},
	{"X: \x00", 400, errControl},
	{"X: a\x00b", 400, errControl},
	{"X: a\x01b", 400, errControl},
	{"X: a\x07b", 400, errControl},
	{"X: a\x08b", 400, errControl},
	{"X: a\x0bb", 400, errControl},
	{"X: a\x0cb", 400, errControl},
	{"X: a\x0eb", 400, errControl},
	{"X: a\x1bb", 400, errControl},
	{"X: a\x1fb", 400, errControl},
	{"X: a\x7fb", 400, errControl},
	{"X: \x0b", 400, errControl},
	{"X:\x0cy", 400, errControl},
	{"X: 0123456\x00", 400, errControl},
	{"X: 01234567\x00", 400, errControl},
	{"X: 0123456789abcde\x7f", 400, errControl},
	{"X: 0123456\x01789abcdef0", 400, errControl},
	{"X: 0123456\t789abcdef0", 0, nil},
	{"X: 01234567\t89abcdef", 0, nil},
	{"X: \x00" + strings.Repeat("y", 40), 400, errControl},
	{"GET / HTTP/1.1", 400, errNameSpace},
}

func TestField(t *testing.T) {
	for _, tt := range []struct {
		line, name, value string
		id                FieldID
		hop, underscore   bool
	}{
		{"X: y", "X", "y", FieldOther, false, false},
		{"X:", "X", "", FieldOther, false, false},
		{"X: \t ", "X", "", FieldOther, false, false},
		{"X:\t y z \t", "X", "y z", FieldOther, false, false},
		{"X_Y: z", "X_Y", "z", FieldOther, false, true},
		{"_: z", "_", "z", FieldOther, false, true},
		{"content_length: 1", "content_length", "1", FieldOther, false, true},
		{"content-LENGTH: 1", "content-LENGTH", "1", FieldContentLength, false, false},
		{"Proxy: a", "Proxy", "a", FieldProxy, false, false},
		{"te: trailers", "te", "trailers", FieldTE, true, false},
		{"Keep-Alive: a", "Keep-Alive", "a", FieldKeepAlive, true, false},
		{"proxy-connection: a", "proxy-connection", "a", FieldProxyConnection, true, false},
		{"Proxy-Authenticate: a", "Proxy-Authenticate", "a", FieldProxyAuthenticate, true, false},
		{"Proxy-Authorization: a", "Proxy-Authorization", "a", FieldProxyAuthorization, true, false},
		{"Trailer: a", "Trailer", "a", FieldTrailer, true, false},
		{"Upgrade: a", "Upgrade", "a", FieldUpgrade, true, false},
		{"Transfer-Encoding: chunked", "Transfer-Encoding", "chunked", FieldTransferEncoding, true, false},
		{"Connection: close", "Connection", "close", FieldConnection, true, false},
		{"HTTP2-Settings: a", "HTTP2-Settings", "a", FieldHTTP2Settings, true, false},
	} {
		var f Field
		if err := parseField(&f, []byte(tt.line)); err != nil {
			t.Errorf("%q: %v", tt.line, err)
		}
		if string(f.Name) != tt.name || string(f.Value) != tt.value || f.ID != tt.id || f.Hop != tt.hop || f.Underscore != tt.underscore {
			t.Errorf("%q: %q %q %v hop %v underscore %v", tt.line, f.Name, f.Value, f.ID, f.Hop, f.Underscore)
		}
	}
}

// A field that is parsed into used memory must not keep anything of it, and
// means the same whatever its ID was guessed to be.
func TestFieldReused(t *testing.T) {
	lines := []string{"X: y", "", ":", "T", "TE", "TE:", "TE :", "TE\r: a", "Te: a", "TE: \x00", "TES: a", "A_B: c"}
	for id := range fieldCount {
		name := id.String()
		lines = append(lines, name, name+":", name+": a", name+":a ", name+" : a", name+"s: a", name+": \x7f", " "+name+": a")
	}
	for _, line := range lines {
		var fresh Field
		want := parseField(&fresh, []byte(line))
		for guess := range fieldCount {
			f := Field{ID: guess, Hop: true, Underscore: true}
			if err := parseField(&f, []byte(line)); err != want {
				t.Errorf("%q, guessed %v: %v, want %v", line, guess, err, want)
			}
			if want == nil && !reflect.DeepEqual(f, fresh) {
				t.Errorf("%q, guessed %v: %+v, want %+v", line, guess, f, fresh)
			}
		}
	}
}
