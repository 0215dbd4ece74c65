package http1

import (
	"net/http"
	"testing"
)

func TestAppend(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{string(AppendRequestLine(nil, "GET", []byte("/a"))), "GET /a HTTP/1.1\r\n"},
		{string(AppendRequestLine([]byte("x"), []byte("POST"), "*")), "xPOST * HTTP/1.1\r\n"},
		{string(AppendStatusLine(nil, 200)), "HTTP/1.1 200 OK\r\n"},
		{string(AppendStatusLine([]byte("x"), 431)), "xHTTP/1.1 431 Request Header Fields Too Large\r\n"},
		{string(AppendStatusLine(nil, 299)), "HTTP/1.1 299 \r\n"},
		{string(AppendStatusLine(nil, 999)), "HTTP/1.1 999 \r\n"},
		{string(AppendField(nil, "X", []byte("y"))), "X: y\r\n"},
		{string(AppendField([]byte("x"), []byte("X"), "")), "xX: \r\n"},
		{string(AppendContentLength(nil, 0)), "Content-Length: 0\r\n"},
		{string(AppendContentLength(nil, 1<<62)), "Content-Length: 4611686018427387904\r\n"},
		{string(AppendChunkHeader(nil, 255)), "ff\r\n"},
		{string(AppendChunk(nil, []byte("hello world, hello"))), "12\r\nhello world, hello\r\n"},
		{string(AppendChunk([]byte("x"), nil)), "x"},
		{string(AppendLastChunk(nil, nil)), LastChunk},
		{string(AppendLastChunk(nil, []Field{{Name: []byte("X"), Value: []byte("y")}})), "0\r\nX: y\r\n\r\n"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestStatusLines(t *testing.T) {
	for status := 100; status <= 999; status++ {
		var r Response
		line := AppendStatusLine(nil, status)
		if n, err := r.Parse(append(line, "\r\n"...), Limits{}); n == 0 || err != nil {
			t.Fatalf("%q: %d, %v", line, n, err)
		}
		if r.Status != status || string(r.Reason) != http.StatusText(status) {
			t.Errorf("%q: %d %q", line, r.Status, r.Reason)
		}
	}
}

func TestAppendAllocatesNothing(t *testing.T) {
	b := make([]byte, 0, 1024)
	name, value := []byte("Host"), []byte("a")
	if n := testing.AllocsPerRun(100, func() {
		b = AppendRequestLine(b[:0], value, "/")
		b = AppendStatusLine(b, 200)
		b = AppendField(b, name, value)
		b = AppendField(b, "Server", "rip-server")
		b = AppendContentLength(b, 12345)
		b = AppendChunk(b, value)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
