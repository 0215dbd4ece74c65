package control

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// runDir returns a folder whose path is short enough for a socket in it, which
// that of t.TempDir need not be.
func runDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rip-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// leaveStale makes a socket that nobody listens on, as a killed server does.
func leaveStale(t *testing.T, dir, name string) {
	t.Helper()
	l, err := net.Listen("unix", socketPath(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
}

func listen(t *testing.T, dir, name string) net.Listener {
	t.Helper()
	l, err := Listen(dir, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func TestListenIsForTheOwner(t *testing.T) {
	dir := runDir(t)
	l := listen(t, dir, "app")
	info, err := os.Stat(socketPath(dir, "app"))
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %#o, want 0600", mode)
	}
	l.Close()
	if _, err := os.Stat(socketPath(dir, "app")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after Close: %v", err)
	}
}

func TestListenReplacesStaleSocket(t *testing.T) {
	dir := runDir(t)
	leaveStale(t, dir, "app")
	listen(t, dir, "app")
	if err := answers(socketPath(dir, "app")); err != nil {
		t.Error(err)
	}
}

func TestListenSparesLiveSocket(t *testing.T) {
	dir := runDir(t)
	listen(t, dir, "app")
	_, err := Listen(dir, "app")
	if _, ok := errors.AsType[*RunningError](err); !ok {
		t.Errorf("second Listen: %v", err)
	}
	if err := answers(socketPath(dir, "app")); err != nil {
		t.Errorf("the first one is gone: %v", err)
	}
}

func TestListenSparesWhatIsNoSocket(t *testing.T) {
	dir := runDir(t)
	target := filepath.Join(dir, "target")
	leaveStale(t, dir, "other")
	path := socketPath(dir, "app")
	for name, put := range map[string]func() error{
		"file":    func() error { return os.WriteFile(path, []byte("mine"), 0o600) },
		"folder":  func() error { return os.Mkdir(path, 0o700) },
		"symlink": func() error { return os.Symlink(socketPath(dir, "other"), path) },
		"fifo":    func() error { return syscall.Mkfifo(path, 0o600) },
		"dangling symlink": func() error {
			return os.Symlink(target, path)
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := put(); err != nil {
				t.Fatal(err)
			}
			defer os.Remove(path)
			before, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Listen(dir, "app"); err == nil || !strings.Contains(err.Error(), "is no socket") {
				t.Errorf("Listen: %v", err)
			}
			if after, err := os.Lstat(path); err != nil || !os.SameFile(before, after) {
				t.Errorf("it was touched: %v", err)
			}
		})
	}
}

func TestListenOnLongPath(t *testing.T) {
	dir := runDir(t)
	room := maxPath - len(socketPath(dir, ""))
	listen(t, dir, strings.Repeat("n", room))
	_, err := Listen(dir, strings.Repeat("n", room+1))
	if err == nil || !strings.Contains(err.Error(), "RIP_RUN_DIR") {
		t.Errorf("a byte too long: %v", err)
	}
}

func TestList(t *testing.T) {
	dir := runDir(t)
	if names, err := List(filepath.Join(dir, "missing")); err != nil || len(names) != 0 {
		t.Errorf("no folder: %v, %v", names, err)
	}
	listen(t, dir, "two")
	listen(t, dir, "one")
	leaveStale(t, dir, "dead")
	if err := os.WriteFile(socketPath(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	names, err := List(dir)
	if err != nil || !slices.Equal(names, []string{"one", "two"}) {
		t.Errorf("got %v, %v", names, err)
	}
}
