package language

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// WSGI as PEP 3333 has it, clean under the validator of the standard library.
func TestWSGI(t *testing.T) { driver.BothSockets(t, wsgi) }

func wsgi(t *testing.T, socket string) {
	driver.Require(t, "python3")
	dir := copyApp(t, "wsgi")
	content := driver.Noise(1<<20, 7)
	if err := os.WriteFile(filepath.Join(dir, "sent.bin"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	s := driver.Start(t, driver.Options{App: dir, Socket: socket, Workers: 1, Args: []string{"--quarantine=off"}})
	b := newBrowser(t, s)

	environ := b.do("POST", "/environment/a%2Fb%C3%A9?x=%20", strings.NewReader("hello"), "Content-Type: text/x", "Cookie: a=1", "X-A: 1", "X_Under: 2")
	for _, want := range []string{
		"REQUEST_METHOD='POST'", "SCRIPT_NAME=''", `PATH_INFO='/environment/a/bÃ©'`, "QUERY_STRING='x=%20'", "CONTENT_TYPE='text/x'",
		"CONTENT_LENGTH='5'", "SERVER_NAME='127.0.0.1'", "SERVER_PORT='" + s.URL[strings.LastIndex(s.URL, ":")+1:] + "'", "SERVER_PROTOCOL='HTTP/1.1'",
		"REMOTE_ADDR='127.0.0.1'", "HTTP_COOKIE='a=1'", "HTTP_X_A='1'", "HTTP_X_UNDER=None", "wsgi.url_scheme='http'",
		"wsgi.multithread=False", "wsgi.multiprocess=True", "wsgi.run_once=False",
	} {
		b.contains(environ, want+"\n")
	}
	if got := b.do("POST", "/read", strings.NewReader("line\nabcd\nlast")); got.body != `[b'line\n', b'abc', b'd\n', b'last', b'']` {
		t.Errorf("read: %s", got.body)
	}
	for path, want := range map[string]struct {
		status int
		body   string
	}{
		"/writes":       {200, "one two three"},
		"/late":         {404, "late"},
		"/replaced":     {503, "replaced"},
		"/twice":        {500, "Internal Server Error\n"},
		"/split":        {500, "Internal Server Error\n"},
		"/too_much":     {200, "four"},
		"/nothing":      {204, ""},
		"/never_starts": {500, "Internal Server Error\n"},
		"/file":         {200, string(content)},
		"/rest_of_file": {200, string(content[5:])},
		"/memory":       {200, "in memory"},
	} {
		if got := b.do("GET", path, nil); got.status != want.status || got.body != want.body {
			t.Errorf("%s: %d %q", path, got.status, got.body[:min(len(got.body), 200)])
		}
	}
	host, err := os.ReadFile("/etc/hostname")
	if got := b.do("GET", "/outside", nil); err == nil && got.body != string(host) {
		t.Errorf("a file outside of the folders: %d %q", got.status, got.body)
	}
	// The server sends the file, ranges included.
	if got := b.do("GET", "/file", nil, "Range: bytes=3-5"); got.status != 206 || got.body != string(content[3:6]) || got.header.Get("Content-Type") != "application/x-test" {
		t.Errorf("a range of the file: %d %q %v", got.status, got.body, got.header)
	}
	for _, path := range []string{"/too_late", "/fails_midway"} {
		a, err := b.client.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		// A server that learns of both at once may answer with an error.
		if _, err := io.ReadAll(a.Body); err == nil && a.StatusCode != 502 {
			t.Errorf("%s: %d, and the body ends well", path, a.StatusCode)
		}
		a.Body.Close()
	}
	b.contains(b.get("/what_is_closed"), "too_much")
	b.contains(b.get("/what_is_closed"), "writes")
	b.contains(b.get("/what_is_closed"), "fails_midway")
	if lines := s.LogLines(`"output":"AssertionError`); len(lines) != 2 { // twice, never_starts
		t.Errorf("the validator complains: %q", lines)
	}

	// The reply is there while the app goes on.
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := b.get("/after?fifo"); got.body != "done" {
		t.Errorf("after: %q", got.body)
	}
	if err := os.WriteFile(filepath.Join(dir, "fifo"), []byte("went-on"), 0); err != nil {
		t.Fatal(err)
	}
	b.contains(b.get("/what_is_closed"), "went-on")

	// Nobody makes parts for a client that has gone.
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Send(&driver.Request{Target: "/endless"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.ReceiveHead("GET"); err != nil {
		t.Fatal(err)
	}
	c.Close()
	b.contains(b.get("/what_is_closed"), "endless")

	// An app that ends its process does.
	if got := b.do("GET", "/leaves", nil); got.status != 502 {
		t.Errorf("leaves: %d", got.status)
	}
	s.Eventually("the log says how the worker ended", func() error {
		if len(s.LogLines("exit status 5")) == 0 {
			return errors.New("it does not")
		}
		return nil
	})
	b.leave()
}
