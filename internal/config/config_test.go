package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// folderEnv keeps tests from looking at the folders of whoever runs them.
var folderEnv = []string{"RIP_RUN_DIR=run", "RIP_CACHE_DIR=cache"}

// app changes to a new folder in which app/rip.toml has that text, and returns
// it.
func app(t *testing.T, text string) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	write(t, "app/rip.toml", text)
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, args ...string) *Config {
	t.Helper()
	c, err := Load(args, folderEnv)
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return c
}

// refused checks that Load fails, and with which words.
func refused(t *testing.T, args, env []string, status int, text, hint string) {
	t.Helper()
	_, err := Load(args, append(env, folderEnv...))
	p, ok := errors.AsType[*Problem](err)
	if !ok {
		t.Errorf("%q %q: %v, want the problem %q", args, env, err, text)
		return
	}
	if p.Text != text {
		t.Errorf("%q %q:\n text %s\n want %s", args, env, p.Text, text)
	}
	if p.Hint != hint {
		t.Errorf("%q %q:\n hint %s\n want %s", args, env, p.Hint, hint)
	}
	if got := map[bool]int{true: 2, false: 1}[p.Usage]; got != status {
		t.Errorf("%q %q: status %d, want %d", args, env, got, status)
	}
	if strings.ContainsAny(p.Text+p.Hint, "\n\r") {
		t.Errorf("%q %q: more than one line", args, env)
	}
}

func TestAddresses(t *testing.T) {
	app(t, "")
	tests := []struct {
		http string
		env  string
		want []string
	}{
		{"5002", Development, []string{"127.0.0.1:5002", "[::1]:5002"}},
		{"5002", Production, []string{":5002"}},
		{"localhost:80", Production, []string{"127.0.0.1:80", "[::1]:80"}},
		{"*:5002", Development, []string{":5002"}},
		{"0.0.0.0:5002", Development, []string{"0.0.0.0:5002"}},
		{"127.0.0.1:0", Production, []string{"127.0.0.1:0"}},
		{"[::1]:5002", Production, []string{"[::1]:5002"}},
		{"[fe80::1%eth0]:5002", Production, []string{"[fe80::1%eth0]:5002"}},
	}
	for _, test := range tests {
		c := load(t, "app", "http:"+test.http, "--env="+test.env)
		if got := c.Addresses(); !slices.Equal(got, test.want) {
			t.Errorf("%s in %s: %q, want %q", test.http, test.env, got, test.want)
		}
	}
}
