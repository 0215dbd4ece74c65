package http1

import (
	"strings"
	"testing"
)

// connectionCases stand between "GET / HTTP/1.1\r\nHost: a\r\n" and "\r\n\r\n".
var connectionCases = []verdict{
	{"Connection: close", 0, nil},
	{"Connection: keep-alive", 0, nil},
	{"Connection:", 0, nil},
	{"Connection: ,", 0, nil},
	{"Connection: close, close", 0, nil},
	{"Connection: close\r\nConnection: keep-alive", 0, nil},
	{"Connection: X-Y, TE", 0, nil},
	{"Connection: what is this", 0, nil},
	{"Connection: \"close\"", 0, nil},
	{"Connection: host, content-length, transfer-encoding", 0, nil},
	{"Connection: Upgrade\r\nUpgrade: websocket", 0, nil},
	{"Connection: a" + strings.Repeat(",a", 31), 0, nil},
	{"Connection: a" + strings.Repeat(",a", 32), 431, errConnection},
	{"Connection: a" + strings.Repeat(",", 32), 431, errConnection},
	{"Connection: a" + strings.Repeat(",a", 15) + "\r\nConnection: a" + strings.Repeat(",a", 15), 0, nil},
	{"Connection: a" + strings.Repeat(",a", 15) + "\r\nConnection: a" + strings.Repeat(",a", 16), 431, errConnection},
	{"Connection: a" + strings.Repeat(",a", 5000), 431, errConnection},
}

func TestConnection(t *testing.T) {
	for _, tt := range []struct {
		version, fields           string
		close, keepAlive, upgrade bool
		hop                       string // names of the fields marked, Connection left out
	}{
		{"1.1", "", false, false, false, ""},
		{"1.1", "Connection: close\r\n", true, false, false, ""},
		{"1.1", "Connection: CLOSE\r\n", true, false, false, ""},
		{"1.1", "Connection: keep-alive\r\n", false, false, false, ""},
		{"1.1", "Connection: keep-alive, close\r\n", true, false, false, ""},
		{"1.1", "Connection: keep-alive\r\nConnection: close\r\n", true, false, false, ""},
		{"1.1", "Connection: a,\t close ,b\r\n", true, false, false, ""},
		{"1.1", "Connection: closed\r\n", false, false, false, ""},
		{"1.1", "Connection: close x\r\n", false, false, false, ""},
		{"1.1", "X-Connection: close\r\n", false, false, false, ""},
		{"1.1", "Proxy-Connection: close\r\n", false, false, false, "Proxy-Connection"},
		{"1.0", "", true, false, false, ""},
		{"1.0", "Connection: close\r\n", true, false, false, ""},
		{"1.0", "Connection: Keep-Alive\r\n", false, true, false, ""},
		{"1.0", "Connection: keep-alive, close\r\n", true, false, false, ""},
		{"1.0", "Proxy-Connection: keep-alive\r\n", true, false, false, "Proxy-Connection"},
		{"1.1", "Connection: upgrade\r\nUpgrade: websocket\r\n", false, false, true, "Upgrade"},
		{"1.1", "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n", false, false, true, "Upgrade"},
		{"1.1", "Upgrade: websocket\r\n", false, false, false, "Upgrade"},
		{"1.1", "Connection: upgrade\r\n", false, false, false, ""},
		{"1.0", "Connection: upgrade\r\nUpgrade: websocket\r\n", true, false, false, "Upgrade"},
		{"1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: A\r\n", false, false, true, "Upgrade HTTP2-Settings"},
		{"1.1", "X: 1\r\nConnection: x\r\nY: 2\r\n", false, false, false, "X"},
		{"1.1", "x: 1\r\nY: 2\r\nConnection: X, y\r\n", false, false, false, "x Y"},
		{"1.1", "X: 1\r\nX: 2\r\nConnection: x\r\n", false, false, false, "X X"},
		{"1.1", "Connection: a, ,x\r\nX: 1\r\nConnection: y\r\nY: 2\r\nZ: 3\r\n", false, false, false, "X Y"},
		{"1.1", "Connection: Cookie\r\nCookie: a\r\n", false, false, false, "Cookie"},
		{"1.1", "Connection: close, x\r\nX: 1\r\nClose: 2\r\n", true, false, false, "X Close"},
		{"1.1", "Connection: host, content-length\r\nContent-Length: 1\r\n", false, false, false, ""},
		{"1.1", "TE: trailers\r\nTrailer: X\r\nKeep-Alive: timeout=5\r\n", false, false, false, "TE Trailer Keep-Alive"},
	} {
		in := "GET / HTTP/" + tt.version + "\r\nHost: a\r\n" + tt.fields + "\r\n"
		var r Request
		if n, err := parseSplits(t, &r, []byte(in), Limits{}); n != len(in) || err != nil {
			t.Errorf("%q: %d, %v", in, n, err)
			continue
		}
		if r.Close != tt.close || r.KeepAlive != tt.keepAlive || r.Upgrade != tt.upgrade {
			t.Errorf("%q: close %v keep-alive %v upgrade %v", in, r.Close, r.KeepAlive, r.Upgrade)
		}
		var hop []string
		for _, f := range r.Fields {
			if f.Hop && f.ID != FieldConnection {
				hop = append(hop, string(f.Name))
			}
			if !f.Hop && f.ID == FieldConnection {
				t.Errorf("%q: Connection is not hop-by-hop", in)
			}
		}
		if got := strings.Join(hop, " "); got != tt.hop {
			t.Errorf("%q: hop-by-hop %q, want %q", in, got, tt.hop)
		}
	}
}
