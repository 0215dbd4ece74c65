package entry

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// content is what files in these tests hold.
const content = "0123456789abcdefghijklmnopqrstuvwxyz"

// withFiles starts an entry whose app answers every request with the file that
// its X-File names, in a folder that may be sent from. It returns that folder.
func withFiles(t *testing.T, reply string) (*server, string) {
	t.Helper()
	dir := t.TempDir()
	root := filepath.Join(dir, "root")
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"root/file": content, "root/empty": "", "outside": content} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Unix(1_700_000_000, 0)); err != nil {
			t.Fatal(err)
		}
	}
	s := start(t, Config{SendfileRoots: []string{root}}, func(c *call) {
		name := strings.ReplaceAll(c.field("X-File")[0], "ROOT", root)
		c.reply(fmt.Sprintf("HTTP/1.1 %sX-Sendfile: %s\r\n\r\n", reply, name), "this is not sent")
	})
	return s, root
}

func fileRequest(method, name string, fields ...string) string {
	r := method + " / HTTP/1.1\r\nHost: test\r\nX-File: " + name + "\r\n"
	for _, f := range fields {
		r += f + "\r\n"
	}
	return r + "\r\n"
}

const lastModified = "Tue, 14 Nov 2023 22:13:20 GMT"

func TestFileReplies(t *testing.T) {
	s, _ := withFiles(t, "200 OK\r\nContent-Type: text/x-test\r\nContent-Length: 16\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n")
	c := s.dial()
	tag := c.send(fileRequest("GET", "ROOT/file")).want(200, content).Header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	for _, test := range []struct {
		name   string
		method string
		fields []string
		status int
		body   string
		header string // a field that must be there
	}{
		{"plain", "GET", nil, 200, content, "Last-Modified: " + lastModified},
		{"HEAD", "HEAD", nil, 200, "", "Content-Length: 36"},
		{"a range", "GET", []string{"Range: bytes=2-5"}, 206, "2345", "Content-Range: bytes 2-5/36"},
		{"from on", "GET", []string{"Range: bytes=30-"}, 206, content[30:], "Content-Range: bytes 30-35/36"},
		{"the end", "GET", []string{"Range: bytes=-3"}, 206, "xyz", "Content-Range: bytes 33-35/36"},
		{"a range too far", "GET", []string{"Range: bytes=36-"}, 416, "", "Content-Range: bytes */36"},
		{"nonsense for a range", "GET", []string{"Range: bytes=x"}, 416, "", "Content-Length: 0"},
		{"another unit", "GET", []string{"Range: lines=1-2"}, 200, content, ""},
		{"a unit in capitals", "GET", []string{"Range: BYTES=2-5"}, 206, "2345", ""},
		{"HEAD of a range", "HEAD", []string{"Range: bytes=2-5"}, 200, "", "Content-Length: 36"},
		{"POST", "POST", []string{"Range: bytes=2-5", "If-None-Match: *"}, 200, content, ""},
		{"If-Range, the same", "GET", []string{"Range: bytes=2-5", "If-Range: " + tag}, 206, "2345", ""},
		{"If-Range, changed", "GET", []string{"Range: bytes=2-5", `If-Range: "x"`}, 200, content, ""},
		{"If-None-Match, the same", "GET", []string{"If-None-Match: " + tag}, 304, "", "Etag: " + tag},
		{"If-None-Match, changed", "GET", []string{`If-None-Match: "x"`}, 200, content, ""},
		{"If-Match, changed", "GET", []string{`If-Match: "x"`}, 412, "", "Content-Length: 0"},
		{"If-Modified-Since, the same", "GET", []string{"If-Modified-Since: " + lastModified}, 304, "", ""},
		{"If-Modified-Since, changed", "GET", []string{"If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT"}, 200, content, ""},
		{"If-Unmodified-Since, changed", "GET", []string{"If-Unmodified-Since: Tue, 14 Nov 2023 22:13:19 GMT"}, 412, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := c.send(fileRequest(test.method, "ROOT/file", test.fields...)).receiveTo(test.method)
			if a.StatusCode != test.status || a.body != test.body || a.err != nil || a.Close {
				t.Errorf("got %d %q, %v, close %v", a.StatusCode, a.body, a.err, a.Close)
			}
			if name, value, _ := strings.Cut(test.header, ": "); value != "" && a.Header.Get(name) != value {
				t.Errorf("want %s in %v", test.header, a.Header)
			}
			if a.Header.Get("X-Sendfile") != "" || len(a.Header["Date"]) != 1 || a.StatusCode < 300 && len(a.Header["Set-Cookie"]) != 2 {
				t.Errorf("fields: %v", a.Header)
			}
		})
	}
	// More ranges than one come as one message with parts.
	a := c.send(fileRequest("GET", "ROOT/file", "Range: bytes=0-1,4-5")).receive()
	if a.StatusCode != 206 || !strings.HasPrefix(a.Header.Get("Content-Type"), "multipart/byteranges") || a.err != nil {
		t.Errorf("got %d %v %q, %v", a.StatusCode, a.Header, a.body, a.err)
	}
	if a := c.send(fileRequest("GET", "ROOT/empty")).want(200, ""); a.ContentLength != 0 {
		t.Errorf("length %d", a.ContentLength)
	}
	// The fields of a request with a body are not looked at.
	c.send("POST / HTTP/1.1\r\nHost: test\r\nX-File: ROOT/file\r\nRange: bytes=2-5\r\nContent-Length: 4\r\n\r\nbody").want(200, content)
	c.send(fileRequest("GET", "ROOT/file")).want(200, content)
}

// A status of the app's own stays, and so does an encoding.
func TestFileReplyWithStatusAndEncoding(t *testing.T) {
	s, _ := withFiles(t, "404 Not Found\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n")
	a := s.dial().send(fileRequest("GET", "ROOT/file", "Range: bytes=2-5")).receive()
	if a.StatusCode != 404 || a.body != content || a.Close {
		t.Errorf("got %d %q, close %v", a.StatusCode, a.body, a.Close)
	}
	s, _ = withFiles(t, "204 No Content\r\n")
	c := s.dial()
	for _, method := range []string{"GET", "HEAD", "GET"} {
		a = c.send(fileRequest(method, "ROOT/file")).receive()
		if a.StatusCode != 204 || a.Header.Get("Content-Length") != "" || a.body != "" || a.Close {
			t.Errorf("got %d %v %q, close %v", a.StatusCode, a.Header, a.body, a.Close)
		}
	}
	s, _ = withFiles(t, "200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n")
	a = s.dial().send(fileRequest("GET", "ROOT/file")).receive()
	if a.StatusCode != 200 || a.body != content || a.Header.Get("Content-Encoding") != "gzip" || a.Close {
		t.Errorf("got %d %v %q, close %v", a.StatusCode, a.Header, a.body, a.Close)
	}
}

// Only regular files in the folders that are allowed are sent, wherever links
// lead, and the client is not told where they are.
func TestFilesThatAreNotSent(t *testing.T) {
	s, root := withFiles(t, "200 OK\r\n")
	for link, to := range map[string]string{
		"out": "../outside", "in": "file", "folder": "..", "absolute": filepath.Join(root, "file"),
	} {
		if err := os.Symlink(to, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(root, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(root+"2", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(root+"2/file", []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	c := s.dial()
	for name, status := range map[string]int{
		"ROOT/file": 200, "ROOT/in": 200, "ROOT/absolute": 200, "ROOT/../root/file": 200, "ROOT/./file": 200, "ROOT/folder/root/file": 200,
		"ROOT/missing": 502, "ROOT/out": 502, "ROOT/../outside": 502, "ROOT/folder/outside": 502, "ROOT2/file": 502,
		"ROOT": 502, "ROOT/": 502, "ROOT/pipe": 502, "/etc/passwd": 502, "file": 502, "../outside": 502, "/proc/self/environ": 502,
	} {
		a := c.send(fileRequest("GET", name)).receive()
		if a.StatusCode != status {
			t.Errorf("%s: got %d %q, want %d", name, a.StatusCode, a.body, status)
		}
		if status == 502 && strings.Contains(a.body+a.Header.Get("Proxy-Status"), root) {
			t.Errorf("%s: told the client %q %v", name, a.body, a.Header)
		}
	}
}

// A deployment that replaces the folder by another one is followed.
func TestFolderThatIsReplaced(t *testing.T) {
	dir := t.TempDir()
	for _, release := range []string{"one", "two"} {
		if err := os.Mkdir(filepath.Join(dir, release), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, release, "file"), []byte(release), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	current := filepath.Join(dir, "current")
	if err := os.Symlink("one", current); err != nil {
		t.Fatal(err)
	}
	s := start(t, Config{SendfileRoots: []string{current}}, func(c *call) {
		c.reply("HTTP/1.1 200 OK\r\nX-Sendfile: "+filepath.Join(current, "file")+"\r\n\r\n", "")
	})
	c := s.dial()
	c.get("/").want(200, "one")
	if err := os.Remove(current); err != nil {
		t.Fatal(err)
	}
	c.get("/").want(502, "The file that the app answered with cannot be sent.")
	if err := os.Symlink("two", current); err != nil {
		t.Fatal(err)
	}
	c.get("/").want(200, "two")
}

// The head that names the file may come before the end of the reply, with a
// body that nobody needs.
func TestFileReplyInParts(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, Config{SendfileRoots: []string{dir}}, func(c *call) {
		c.part("HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Type: text/x-test\r\nX-Sendfile: "+name+"\r\n\r\n", "")
		for range 20 {
			c.part("", strings.Repeat("not sent ", 100))
		}
		c.end(nil)
	})
	c := s.dial()
	for range 20 {
		a := c.get("/").want(200, content)
		if a.Header.Get("X-One") != "1" || a.Header.Get("Content-Type") != "text/x-test" {
			t.Errorf("fields: %v", a.Header)
		}
	}
}

// A file that becomes shorter is not mistaken for a whole one.
func TestFileThatShrinks(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	if err := os.WriteFile(name, []byte(big), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, Config{SendfileRoots: []string{dir}}, func(c *call) {
		c.reply("HTTP/1.1 200 OK\r\nContent-Type: text/x-test\r\nX-Sendfile: "+name+"\r\n\r\n", "")
	})
	if a := s.dial().get("/").receive(); a.body != big {
		t.Errorf("got %d bytes, %v", len(a.body), a.err)
	}
	s.wantLogged(`"status":200`, fmt.Sprintf(`"length":%d`, len(big)))
	c := s.dial().get("/")
	r, err := http.ReadResponse(c.r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 1000); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, r.Body); err == nil {
		t.Errorf("got %d bytes, which look complete", n)
	}
	s.wantLogged(`"status":200`, "became shorter")
}
