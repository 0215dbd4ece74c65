package config

import (
	"os"
	"testing"
)

// Workers are told of folders with colons between them.
func TestAppFolderWithColon(t *testing.T) {
	dir := app(t, "")
	if err := os.Rename("app", "my:app"); err != nil {
		t.Fatal(err)
	}
	if c := load(t, "my:app"); c.SendfileRoots != nil || c.Source("sendfile-roots") != "" {
		t.Errorf("roots %q", c.SendfileRoots)
	}
	if err := os.Symlink("my:app", "app"); err != nil {
		t.Fatal(err)
	}
	if c := load(t, "app"); len(c.SendfileRoots) != 1 || c.SendfileRoots[0] != dir+"/app" {
		t.Errorf("roots %q", c.SendfileRoots)
	}
}
