package entry

import (
	"cmp"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// withStatic starts an entry that serves files by itself, in front of an app
// that answers "pong". A prefix is one of the folder public, unless another one
// follows =. It returns the folder above.
func withStatic(t *testing.T, prefixes ...string) (*server, string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"public/file": content, "public/app.js": "js", "public/a b.css": "css", "public/empty.txt": "", "public/x.UNKNOWN": "x",
		"public/index.html": "the index", "public/docs/index.html": "the docs", "public/bare/file": "bare", "public/a%2fb": "odd", "public/caf\xc3\xa9.txt": "café",
		"public/.env": "secret", "public/.git/config": "secret", "public/docs/.htaccess": "secret",
		"public/.well-known/acme": "known", "public/.well-known/.secret": "secret", "public/docs/.well-known/acme": "secret",
		"outside": "secret", "public2/file": "secret",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Unix(1_700_000_000, 0)); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{
		"in.js": "app.js", "absolute": filepath.Join(dir, "public/app.js"), "out": "../outside", "absolute-out": filepath.Join(dir, "outside"),
		"up": "..", "loop": "loop", "dangling": "missing", "etc": "/etc", "folder": "docs",
	} {
		if err := os.Symlink(to, filepath.Join(dir, "public", link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "public/pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	static := map[string]string{}
	for _, prefix := range prefixes {
		prefix, folder, _ := strings.Cut(prefix, "=")
		static[prefix] = filepath.Join(dir, cmp.Or(folder, "public"))
	}
	return start(t, Config{Static: static, ServerPath: "/server"}, pong), dir
}

func TestStatic(t *testing.T) {
	s, _ := withStatic(t, "/assets")
	c := s.dial()
	for _, test := range []struct {
		path   string
		status int
		body   string
		header string // a field that must be there
	}{
		{"/assets/file", 200, content, "Content-Type: application/octet-stream"},
		{"/assets/file?v=3", 200, content, "Last-Modified: " + lastModified},
		{"/assets/app.js", 200, "js", "Content-Type: text/javascript; charset=utf-8"},
		{"/assets/a%20b.css", 200, "css", "Content-Type: text/css; charset=utf-8"},
		{"/%61ssets/app%2ejs", 200, "js", "X-Content-Type-Options: nosniff"},
		{"/assets/caf%C3%a9.txt", 200, "café", "Cache-Control: no-cache"},
		{"/assets/a%252fb", 200, "odd", ""},
		{"/assets/empty.txt", 200, "", "Content-Length: 0"},
		{"/assets/x.UNKNOWN", 200, "x", "Content-Type: application/octet-stream"},
		{"/assets/in.js", 200, "js", "Content-Type: text/javascript; charset=utf-8"},
		{"/assets/absolute", 200, "js", ""},
		{"/assets/up/public/file", 200, content, ""}, // it ends where it may
		{"/assets/", 200, "the index", "Content-Type: text/html; charset=utf-8"},
		{"/assets/docs/", 200, "the docs", ""},
		{"/assets/folder/", 200, "the docs", ""},
		{"/assets/docs/index.html", 200, "the docs", ""},
		{"/assets", 301, "", "Location: /assets/"},
		{"/assets?a=/b", 301, "", "Location: /assets/?a=/b"},
		{"/assets/docs", 301, "", "Location: /assets/docs/"},
		{"/assets/d%6fcs?a", 301, "", "Location: /assets/d%6fcs/?a"},
		{"/assets/bare", 404, "", ""},
		{"/assets/bare/", 404, "", ""},
		{"/assets/file/", 404, "", ""},
		{"/assets/file/x", 404, "", ""},
		{"/assets/missing", 404, "There is no such file.", "Content-Type: text/plain; charset=utf-8"},
		{"/assets2/file", 200, "pong", ""},
		{"/Assets/file", 200, "pong", ""},
		{"/", 200, "pong", ""},
		{"/x/assets/file", 200, "pong", ""},
		{"/server", 200, "ok", ""},
	} {
		a := c.get(test.path).receive()
		if a.StatusCode != test.status || test.status < 400 && a.body != test.body || !strings.Contains(a.body, test.body) || a.err != nil || a.Close {
			t.Errorf("%s: got %d %q, %v, close %v", test.path, a.StatusCode, a.body, a.err, a.Close)
		}
		if name, value, _ := strings.Cut(test.header, ": "); value != "" && a.Header.Get(name) != value {
			t.Errorf("%s: want %s in %v", test.path, test.header, a.Header)
		}
		s.wantLogged(fmt.Sprintf(`"status":%d`, test.status))
	}
}

// attacks are paths below a prefix that must not lead to a file.
var attacks = []string{
	"/.env", "/%2eenv", "/.git/config", "/.git/", "/.git", "/docs/.htaccess", "/docs/%2Ehtaccess", "/docs/.well-known/acme", "/.well-known/.secret",
	"/..", "/../", "/../outside", "/../public2/file", "/../public/file", "/./file", "/docs/../file", "/docs/./index.html", "/docs/..", "/.", "/./", "//file", "//", "/docs//index.html", "/docs//",
	"/%2e%2e/outside", "/%2E%2e/outside", "/.%2e/outside", "/%2e./outside", "/%2e/file", "/..%2foutside", "/..%2Foutside", "/%2e%2e%2foutside", "/docs%2findex.html", "/docs/%2e%2e%2ffile", "/%2foutside", "/%2f",
	"/..%5coutside", "/..%5Coutside", "/docs%5cindex.html", "/%5c..%5coutside", "/file%00", "/file%00.js", "/%00", "/..%00/outside", "/file%0a", "/file%20", "/file.", "/file::$DATA",
	"/%252e%252e/outside", "/%252e%252e%252foutside", "/%25%32%65%25%32%65/outside", "/%c0%ae%c0%ae/outside", "/%c0%ae%c0%ae%c0%afoutside", "/%e0%80%ae%e0%80%ae/outside", "/%uff0e%uff0e/outside",
	"/..;/outside", "/docs;/index.html", "/file;x", "/~/file", "/~root/.profile",
	"/out", "/absolute-out", "/up/outside", "/up/public2/file", "/loop", "/dangling", "/etc/passwd", "/etc/", "/pipe", "/pipe/",
	"/..../outside", "/.../outside", "/" + strings.Repeat("../", 40) + "etc/passwd", "/" + strings.Repeat("%2e%2e/", 40) + "etc/passwd",
	"/" + strings.Repeat("a/", 500), "/" + strings.Repeat("n", 300), "/" + strings.Repeat("n", 5000),
}

// Nothing leads out of the folder, or to what is hidden in it. Below a prefix
// of its own each of these is a miss, and with "/" the app's affair.
func TestStaticAttacks(t *testing.T) {
	for prefix, want := range map[string]int{"/assets": 404, "/deep/er": 404, "/": 200} {
		s, _ := withStatic(t, prefix)
		c := s.dial()
		for _, path := range attacks {
			target := strings.TrimSuffix(prefix, "/") + path
			a := c.get(target).receive()
			refused := a.StatusCode == 400 && strings.Contains(path, "%u") // no encoding
			if a.StatusCode != want && !refused || strings.Contains(a.body, "secret") || want == 200 && !refused && a.body != "pong" {
				t.Errorf("GET %s: got %d %q, want %d", target, a.StatusCode, a.body, want)
			}
			if refused || a.Close {
				c = s.dial()
			}
		}
	}
}

// A link of the folder itself is followed anew for each request.
func TestStaticFolderThatIsReplaced(t *testing.T) {
	s, dir := withStatic(t, "/assets")
	c := s.dial()
	move := func(from, to string) {
		t.Helper()
		if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	c.get("/assets/file").want(200, content)
	move("public", "old")
	c.get("/assets/file").want(404, "")
	if err := os.Symlink("public2", filepath.Join(dir, "public")); err != nil {
		t.Fatal(err)
	}
	c.get("/assets/file").want(200, "secret")
}

func TestStaticMethods(t *testing.T) {
	s, _ := withStatic(t, "/assets", "/")
	c := s.dial()
	a := c.send("HEAD /assets/file HTTP/1.1\r\nHost: test\r\n\r\n").receiveTo("HEAD")
	if a.StatusCode != 200 || a.ContentLength != int64(len(content)) || a.Header.Get("Etag") == "" {
		t.Errorf("HEAD got %d, length %d, %v", a.StatusCode, a.ContentLength, a.Header)
	}
	if a := c.send("HEAD /assets/missing HTTP/1.1\r\nHost: test\r\n\r\n").receiveTo("HEAD"); a.StatusCode != 404 {
		t.Errorf("HEAD got %d", a.StatusCode)
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get"} {
		for _, path := range []string{"/assets/file", "/assets/missing", "/assets"} {
			if a := c.send(method+" "+path+" HTTP/1.1\r\nHost: test\r\n\r\n").want(405, ""); a.Header.Get("Allow") != "GET, HEAD" || a.Close {
				t.Errorf("%s %s: %v", method, path, a.Header)
			}
		}
		c.send(method+" /file HTTP/1.1\r\nHost: test\r\n\r\n").want(200, "pong")
	}
	c.send("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n").want(200, "pong")
	// A body that nobody wants is not mistaken for the next request.
	c.send("GET /assets/file HTTP/1.1\r\nHost: test\r\nContent-Length: 34\r\n\r\nGET /evil HTTP/1.1\r\nHost: test\r\n\r\n").want(200, content)
	c.closed()
	// One that the app wants still arrives.
	s.dial().send("POST /missing HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody").want(200, "pong")
	s.dial().send("GET /missing HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody").want(200, "pong")
}

// With "/" the app has what is no file, and the longest prefix counts.
func TestStaticRoot(t *testing.T) {
	s, _ := withStatic(t, "/", "/docs/more=public2")
	c := s.dial()
	for path, want := range map[string]string{
		"/": "the index", "/file": content, "/docs/": "the docs", "/bare/": "pong", "/bare": "pong", "/missing": "pong", "/server": "ok",
		"/.well-known/acme": "known", "/%2ewell-known/acme": "known", "/docs/more/file": "secret", "/docs/moree": "pong",
	} {
		c.get(path).want(200, want)
	}
	c.get("/docs/more/index.html").want(404, "")
	if a := c.get("/docs").want(301, ""); a.Header.Get("Location") != "/docs/" {
		t.Errorf("Location %q", a.Header.Get("Location"))
	}
	c.get("//test/docs").want(200, "pong") // not a redirect to another host
}

// Conditions and ranges are those of file replies, which TestFileReplies has.
func TestStaticConditions(t *testing.T) {
	s, _ := withStatic(t, "/assets")
	c := s.dial()
	tag := c.get("/assets/file").want(200, content).Header.Get("Etag")
	for _, test := range []struct {
		fields, body string
		status       int
	}{
		{"If-None-Match: " + tag, "", 304},
		{"If-None-Match: W/" + tag, "", 304},
		{"If-None-Match: \"x\", " + tag, "", 304},
		{"If-None-Match: \"x\"", content, 200},
		{"If-Modified-Since: " + lastModified, "", 304},
		{"If-None-Match: \"x\"\r\nIf-Modified-Since: " + lastModified, content, 200},
		{"Range: bytes=2-5", "2345", 206},
		{"Range: bytes=-3", "xyz", 206},
		{"Range: bytes=36-", "", 416},
		{"Range: bytes=2-5\r\nIf-Range: " + tag, "2345", 206},
		{"Range: bytes=2-5\r\nIf-Range: \"x\"", content, 200},
	} {
		a := c.send("GET /assets/file HTTP/1.1\r\nHost: test\r\n" + test.fields + "\r\n\r\n").receive()
		if a.StatusCode != test.status || a.body != test.body || a.Close {
			t.Errorf("%q: got %d %q", test.fields, a.StatusCode, a.body)
		}
	}
}

// Answers come in the order of the requests, files or not.
func TestStaticPipelined(t *testing.T) {
	s, _ := withStatic(t, "/assets")
	c := s.dial()
	for range 3 {
		c.get("/server").get("/assets/app.js").get("/").get("/assets/missing").get("/assets/docs").get("/assets/file")
	}
	for range 3 {
		c.want(200, "ok")
		c.want(200, "js")
		c.want(200, "pong")
		c.want(404, "")
		c.want(301, "")
		c.want(200, content)
	}
}

// Behind a proxy the access log names the client, of files too.
func TestStaticBehindAProxy(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, Config{Static: map[string]string{"/assets": dir}, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, pong)
	c := s.dial()
	for path, status := range map[string]int{"/assets/file": 200, "/assets/missing": 404} {
		c.send("GET "+path+" HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 10.9.9.9\r\nX-Forwarded-For: 192.0.2.7, 127.0.0.5\r\n\r\n").want(status, "")
		s.wantLogged(`"192.0.2.7"`, fmt.Sprintf(`"status":%d`, status))
	}
}

// Whatever a path decodes to, what comes to the file system is a name inside the
// folder without a hidden part.
func FuzzMount(f *testing.F) {
	for _, path := range attacks {
		f.Add(path)
	}
	f.Add("/.well-known/acme")
	f.Fuzz(func(t *testing.T, path string) {
		for i := 0; i < len(path); i++ { // as http1 has checked it
			if path[i] == '%' && (i+2 >= len(path) || strings.Trim(path[i+1:i+3], "0123456789abcdefABCDEF") != "") {
				return
			}
		}
		for _, prefix := range []string{"", "/assets"} {
			mounts := []mount{{prefix: prefix, folder: "/"}}
			m, rest := find(mounts, []byte(prefix+path))
			if m == nil || m.check(rest) != nil {
				continue
			}
			name := strings.Trim(rest, "/")
			if name != "" && !filepath.IsLocal(name) || strings.Contains(name, "//") || strings.ContainsRune(name, 0) {
				t.Errorf("%q leads to %q", path, name)
			}
			for i, part := range strings.Split(name, "/") {
				if strings.HasPrefix(part, ".") && (i > 0 || prefix != "" || part != ".well-known") {
					t.Errorf("%q leads to %q", path, name)
				}
			}
		}
	})
}
