package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// RunDir returns the private folder for the sockets and locks of this user's
// servers, and makes it: $RIP_RUN_DIR, else rip-server in $XDG_RUNTIME_DIR,
// else rip-server-UID in the folder for temporary files. Since others can make
// files there, it must belong to the user and be closed to everybody else.
func RunDir(environ []string) (string, error) {
	uid := os.Getuid()
	dir, source := filepath.Join(os.TempDir(), "rip-server-"+strconv.Itoa(uid)), "the run folder"
	if v := lookup(environ, "RIP_RUN_DIR"); v != "" {
		dir, source = v, "$RIP_RUN_DIR"
	} else if v := lookup(environ, "XDG_RUNTIME_DIR"); v != "" {
		dir = filepath.Join(v, "rip-server")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	const hint = "set RIP_RUN_DIR to a folder of your own that only you can open (mode 0700)"
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", &Problem{Text: fmt.Sprintf("%s %q cannot be made: %v", source, dir, err), Hint: hint}
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", &Problem{Text: fmt.Sprintf("%s %q: %v", source, dir, err), Hint: hint}
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return "", &Problem{Text: fmt.Sprintf("%s %q is not a folder", source, dir), Hint: hint}
	case ok && int(st.Uid) != uid:
		return "", &Problem{Text: fmt.Sprintf("%s %q belongs to another user (%d)", source, dir, st.Uid), Hint: hint}
	case info.Mode().Perm() != 0o700:
		return "", &Problem{Text: fmt.Sprintf("%s %q has mode %04o, not 0700", source, dir, info.Mode().Perm()), Hint: "chmod 700 " + dir}
	}
	return dir, nil
}

// cacheDir returns the folder for what is built: $RIP_CACHE_DIR, else
// rip-server in the user's folder for caches.
func cacheDir(environ []string) (string, error) {
	if v := lookup(environ, "RIP_CACHE_DIR"); v != "" {
		return filepath.Abs(v)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", &Problem{Text: fmt.Sprintf("no folder for what is built: %v", err), Hint: "set RIP_CACHE_DIR"}
	}
	return filepath.Join(dir, "rip-server"), nil
}
