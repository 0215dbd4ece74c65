package entry

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// Until they are replaced too, workers of the version before name files in the
// folder that the link led to when they started.
func TestFilesOfTheVersionBefore(t *testing.T) {
	dir := t.TempDir()
	current := filepath.Join(dir, "current")
	lead := func(to string) {
		t.Helper()
		if err := os.Symlink(to, current+".new"); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(current+".new", current); err != nil {
			t.Fatal(err)
		}
	}
	for _, release := range []string{"one", "two", "three"} {
		if err := os.Mkdir(filepath.Join(dir, release), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, release, "file"), []byte(release), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lead("one")
	var release atomic.Value
	release.Store("one")
	s := start(t, Config{SendfileRoots: []string{current}}, func(c *call) {
		c.reply("HTTP/1.1 200 OK\r\nX-Sendfile: "+filepath.Join(dir, release.Load().(string), "file")+"\r\n\r\n", "")
	})
	c := s.dial()
	lead("two")
	c.get("/").want(200, "one")
	release.Store("two")
	s.FollowLinks()
	lead("three")
	c.get("/").want(200, "two")
	release.Store("four")
	c.get("/").want(502, "The file that the app answered with cannot be sent.")
}
