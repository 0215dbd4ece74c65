//go:build linux

package worker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSendfile(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		dir, elsewhere := t.TempDir(), t.TempDir()
		content := strings.Repeat("<html>", 1000)
		path := filepath.Join(dir, "page.html")
		outside := filepath.Join(elsewhere, "page.html")
		link := filepath.Join(elsewhere, "link.html")
		escape := filepath.Join(dir, "escape.html")
		for _, p := range []string{path, outside} {
			check(t, os.WriteFile(p, []byte(content), 0o600))
		}
		check(t, os.Symlink(path, link))
		check(t, os.Symlink(outside, escape))
		real, err := filepath.EvalSymlinks(path)
		check(t, err)

		allowed := s.hire(envSendfile + "=/nowhere:" + dir)
		for _, test := range []struct {
			target string
			fields string
			status int
			file   string // "" = the bytes are sent
			body   string
		}{
			{"/file?path=" + path, "", 200, real, ""},
			{"/file?path=" + link, "", 200, real, ""},
			{"/copy-file?path=" + path, "", 200, real, ""},
			{"/copy-file?flush=1&path=" + path, "", 200, real, ""},
			{"/copy-file?after=x&path=" + path, "", 200, "", content + "x"},
			{"/copy-file?again=1&path=" + path, "", 200, "", content + content},
			{"/file?path=" + outside, "", 200, "", content},
			{"/file?path=" + escape, "", 200, "", content},
			{"/file?path=" + path, "Range: bytes=6-11\r\n", 206, "", "<html>"},
			{"/file?path=" + path, "Range: bytes=0-5999\r\n", 206, "", content},
			{"/copy-file?skip=6&path=" + path, "", 200, "", content[6:]},
			{"/copy-file?before=x&path=" + path, "", 200, "", "x" + content},
			{"/file?path=" + filepath.Join(dir, "none"), "", 404, "", "404 page not found\n"},
		} {
			a := s.submit("GET", test.target, fields(test.fields)).answer(allowed)
			if got := a.header.Get(headerSendfile); got != test.file || a.status != test.status {
				t.Errorf("%s: status %d, file %q, want %d, %q", test.target, a.status, got, test.status, test.file)
			}
			if test.file == "" {
				a.want(t, test.status, test.body)
				continue
			}
			if a.length != 0 || len(a.body) != 0 || a.broken || a.header.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("%s: length %d, %d bytes, header %v", test.target, a.length, len(a.body), a.header)
			}
		}
		if a := s.submit("HEAD", "/file?path="+path).answer(allowed); a.length != int64(len(content)) || a.header.Get(headerSendfile) != "" {
			t.Errorf("HEAD: length %d, header %v", a.length, a.header)
		}
		check(t, allowed.cmd.Process.Kill())
		<-allowed.dead
		s.hire().get("/file?path="+path).want(t, 200, content)
	})
}
