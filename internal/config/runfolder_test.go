package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunDir(t *testing.T) {
	dir := app(t, "")
	t.Setenv("TMPDIR", dir+"/tmp")
	temporary := fmt.Sprintf("%s/tmp/rip-server-%d", dir, os.Getuid())
	tests := []struct {
		env  []string
		want string
	}{
		{nil, temporary},
		{[]string{"XDG_RUNTIME_DIR=/run/user/9"}, "/run/user/9/rip-server"},
		{[]string{"XDG_RUNTIME_DIR=relative"}, temporary},
		{[]string{"XDG_RUNTIME_DIR=/run/user/9", "RIP_RUN_DIR=/x//run/"}, "/x/run"},
		{[]string{"RIP_RUN_DIR=run"}, dir + "/run"},
		{[]string{"RIP_RUN_DIR="}, temporary},
	}
	for _, test := range tests {
		if got, err := RunDir(test.env); got != test.want || err != nil {
			t.Errorf("%q: %q, %v, want %q", test.env, got, err, test.want)
		}
	}
	for _, path := range []string{"run", "tmp", "cache"} {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s was made: %v", path, err)
		}
	}
}

// To serve an app makes the folder, to load its configuration does not.
func TestMakeRunDir(t *testing.T) {
	dir := app(t, "")
	c, err := Load([]string{"app"}, []string{"RIP_RUN_DIR=deep/run", "RIP_CACHE_DIR=cache"})
	if err != nil {
		t.Fatal(err)
	}
	if c.RunDir != dir+"/deep/run" || c.CacheDir != dir+"/cache" {
		t.Errorf("run folder %q, cache folder %q", c.RunDir, c.CacheDir)
	}
	if _, err := os.Stat("deep"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("made too early: %v", err)
	}
	for range 2 {
		if err := c.MakeRunDir(); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat("deep/run"); err != nil || info.Mode() != fs.ModeDir|0o700 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
	if err := os.Remove("deep/run"); err != nil {
		t.Fatal(err)
	}
	write(t, "deep/run", "")
	problem(t, c.MakeRunDir(), "RIP_RUN_DIR=deep/run cannot be made: not a directory", hintFolder)
}

func TestRunDirOfOthers(t *testing.T) {
	dir := app(t, "")
	write(t, "file", "")
	private, open := fs.FileMode(0o700), fs.FileMode(0o755)
	if err := os.Symlink("private", "link"); err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]fs.FileMode{
		"private": private, "open": open, "full": open, "ours": open, "shared": 0o777 | fs.ModeSticky,
	} {
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil { // past the umask
			t.Fatal(err)
		}
	}
	write(t, "full/letter.txt", "")
	write(t, "ours/shop.ctl", "")
	write(t, "ours/shop.lock", "")
	write(t, "ours/shop.sock", "")
	write(t, "ours/spool/x", "")
	write(t, "ours/cache/x", "")
	for _, test := range []struct{ path, what, hint string }{
		{"private", "", ""},
		{"open", "others can open this folder (mode 0755, not 0700)", "chmod 700 " + dir + "/open"},
		{"ours", "others can open this folder (mode 0755, not 0700)", "chmod 700 " + dir + "/ours"},
		{"full", "others can open this folder (mode 0755, not 0700)", hintFolder},
		{"shared", "others can open this folder (mode 0777, not 0700)", hintFolder},
		{"file", "not a folder", hintFolder},
		{"file/run", "not a directory", hintFolder},
		{"link", "a symbolic link", hintFolder},
	} {
		_, err := RunDir([]string{"RIP_RUN_DIR=" + test.path})
		if test.what != "" {
			problem(t, err, "RIP_RUN_DIR="+test.path+": "+test.what, test.hint)
		} else if err != nil {
			t.Errorf("%s: %v", test.path, err)
		}
	}
	// Without the variable the folder itself is named.
	t.Setenv("TMPDIR", dir)
	path := filepath.Join(dir, fmt.Sprintf("rip-server-%d", os.Getuid()))
	write(t, path, "")
	_, err := RunDir(nil)
	problem(t, err, "run folder "+path+": not a folder", hintFolder)
}

// The folder for temporary files belongs to everybody, even where it belongs
// to us and is empty, as in a container.
func TestTemporaryFolderStaysOpen(t *testing.T) {
	dir := app(t, "")
	tmp := dir + "/tmp"
	if err := os.Mkdir(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", tmp)
	for _, path := range []string{tmp, "/tmp", "/"} {
		_, err := RunDir([]string{"RIP_RUN_DIR=" + path})
		p, ok := errors.AsType[*Problem](err)
		if !ok || p.Hint != hintFolder {
			t.Errorf("%s: %#v", path, err)
		}
	}
	if os.Getuid() != 0 {
		return // only root can give a folder away
	}
	if err := os.Chown(tmp, 12345, -1); err != nil {
		t.Fatal(err)
	}
	_, err := RunDir([]string{"RIP_RUN_DIR=tmp"})
	problem(t, err, "RIP_RUN_DIR=tmp: belongs to another user (12345)", hintFolder)
}

func TestCacheFolder(t *testing.T) {
	dir := app(t, "")
	t.Setenv("XDG_CACHE_HOME", dir+"/home")
	t.Setenv("HOME", dir)
	for _, test := range []struct {
		variable string
		want     string
	}{{"caches", dir + "/caches"}, {"/x/y", "/x/y"}, {"", ""}} {
		c, err := Load([]string{"app"}, []string{"RIP_RUN_DIR=run", "RIP_CACHE_DIR=" + test.variable})
		if err != nil {
			t.Fatal(err)
		}
		if test.want != "" && c.CacheDir != test.want {
			t.Errorf("%q: %s", test.variable, c.CacheDir)
		}
		if test.want == "" && (!strings.HasPrefix(c.CacheDir, dir) || filepath.Base(c.CacheDir) != "rip-server") {
			t.Errorf("by default %s", c.CacheDir)
		}
	}
	// A service may have no home.
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	c, err := Load([]string{"app"}, []string{"RIP_RUN_DIR=run"})
	if err != nil || c.CacheDir != dir+"/run/cache" {
		t.Errorf("without a home %+v, %v", c, err)
	}
}

func problem(t *testing.T, err error, text, hint string) {
	t.Helper()
	p, ok := errors.AsType[*Problem](err)
	if !ok || p.Text != text || p.Hint != hint || p.Usage {
		t.Errorf("got  %#v\nwant %q, %q", err, text, hint)
	}
}
