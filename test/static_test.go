package test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// staticSite makes a folder with files and a rip.toml that serves them, and
// returns its path. What must not be served says secret.
func staticSite(t *testing.T, prefix string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"rip.toml":                 "[static]\n'" + prefix + "' = 'public'\n# secret\n",
		"secret":                   "secret",
		"publicity/secret":         "secret",
		"public/index.html":        "the index",
		"public/a file.txt":        "a file",
		"public/css/site.css":      "body {}",
		"public/.env":              "secret",
		"public/.git/config":       "secret",
		"public/.well-known/known": "known",
		"public/large":             string(driver.Noise(8<<20, 1)),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"out": "../secret", "up": "..", "root": "/", "in": "css"} {
		if err := os.Symlink(to, filepath.Join(dir, "public", link)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Files are served while every worker is busy: none is asked.
func TestStaticFiles(t *testing.T) {
	dir := staticSite(t, "/assets")
	s := driver.Start(t, driver.Options{Workers: 1, Args: []string{"--config=" + filepath.Join(dir, "rip.toml")}})
	busy := s.Go("busy", "/sleep?ms=60000")
	s.AwaitRunning("busy")
	for target, want := range map[string]string{
		"/assets/": "the index", "/assets/a%20file.txt": "a file", "/assets/css/site.css": "body {}", "/assets/in/site.css?v=2": "body {}",
	} {
		if got := s.Get(target); got != want {
			t.Errorf("%s: got %q", target, got)
		}
	}
	large := driver.Noise(8<<20, 1)
	if got := s.Get("/assets/large"); got != string(large) {
		t.Errorf("the large file has %d bytes, or others", len(got))
	}
	a, err := s.Do(&driver.Request{Target: "/assets/large", Fields: []string{"Range: bytes=5000000-"}})
	if err != nil || a.Status != 206 || !bytes.Equal(a.Body, large[5000000:]) {
		t.Errorf("the rest: %d, %d bytes, %v", a.Status, len(a.Body), err)
	}
	if a, err = s.Do(&driver.Request{Target: "/assets/large", Fields: []string{"If-None-Match: " + a.Header.Get("Etag")}}); err != nil || a.Status != 304 {
		t.Errorf("not modified: %d, %v", a.Status, err)
	}
	if a, err = s.Do(&driver.Request{Method: "POST", Target: "/assets/large", Body: []byte("x")}); err != nil || a.Status != 405 || a.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d %v, %v", a.Status, a.Header, err)
	}
	for _, target := range []string{"/assets/missing", "/assets/css", "/assets/css/"} {
		if a, err := s.Ask("GET", target); err != nil || a.Status != 404 {
			t.Errorf("%s: %d, %v", target, a.Status, err)
		}
	}
	if busy.Done() {
		t.Error("the worker was not busy all the time")
	}
	s.Kill()
}

// staticAttacks are targets that must not lead to a secret.
func staticAttacks(prefix string) (targets []string) {
	outside := []string{"secret", "rip.toml", "publicity/secret", "etc/passwd"}
	for _, up := range []string{
		"..", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "..%00", "..;", "..;/..", "%252e%252e", "%25252e%25252e", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "%f0%80%80%ae%f0%80%80%ae",
		"%e2%80%a5", "...", "....", "....//", "..\x7f", "..%5c", "..%5c..%5c", "..%255c", "%5c..", "css/..", "css/../..", "./..", "..%20", "%20..", "up", "root", "up/up", "css/%2e%2e/%2e%2e",
	} {
		for _, slash := range []string{"/", "%2f", "%2F", "%252f", "%5c", "%c0%af", "%ef%bc%8f", "//"} {
			for _, to := range outside {
				for _, depth := range []int{1, 2, 12} {
					targets = append(targets, prefix+"/"+strings.Repeat(up+slash, depth)+to)
				}
			}
		}
	}
	for _, name := range []string{
		".env", "%2eenv", "./.env", ".//.env", "css/../.env", ".git/config", "%2egit/config", ".git%2fconfig", ".well-known/../.env", ".well-known/%2e%2e/.env", "in/../.env", "out", "root/etc/passwd",
		".env%00", ".env%00.css", "css/site.css/../../.env", ".ENV", ".env/", "/.env", ";/.env", "up/public/.env", "proc/self/environ", "root/proc/self/environ",
	} {
		targets = append(targets, prefix+"/"+name, "http://lab.test"+prefix+"/"+name)
	}
	return targets
}

// Whatever the target, nothing comes out that is not meant to.
func TestStaticAttacks(t *testing.T) {
	for _, prefix := range []string{"/assets", ""} {
		dir := staticSite(t, prefix+"/")
		s := driver.Start(t, driver.Options{Workers: 1, Args: []string{"--config=" + filepath.Join(dir, "rip.toml")}})
		if prefix == "" {
			if got := s.Get("/.well-known/known"); got != "known" {
				t.Errorf("got %q", got)
			}
		}
		c, err := s.Dial()
		if err != nil {
			t.Fatal(err)
		}
		statuses := map[string]int{}
		for _, target := range staticAttacks(prefix) {
			a, err := c.Do(&driver.Request{Target: target})
			if err != nil {
				t.Fatalf("%s: %v", target, err)
			}
			statuses[fmt.Sprint(a.Status)]++
			switch {
			case a.Status == 400 || prefix != "" && a.Status == 404:
			case prefix == "" && a.Status == 200 && bytes.Contains(a.Body, []byte(`"method"`)): // the app's echo of it
			default:
				t.Errorf("%s: got %d %q", target, a.Status, a.Body)
			}
			if a.Close {
				c.Close()
				if c, err = s.Dial(); err != nil {
					t.Fatal(err)
				}
			}
		}
		c.Close()
		t.Logf("%s/: %v", prefix, statuses)
		s.Settled()
	}
}
