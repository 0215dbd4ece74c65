package runtimes

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// An executable is a program that was built before. It runs where it is, in
// its folder.
func detectExecutable(a *App, info fs.FileInfo, _ Options) (bool, string) {
	if !info.Mode().IsRegular() {
		return false, ""
	}
	if info.Mode()&0o111 == 0 {
		return false, "this file is not: chmod +x makes it one"
	}
	a.prepare = func(context.Context) (*Build, error) {
		program, err := filepath.EvalSymlinks(a.Path)
		if err != nil {
			return nil, err
		}
		info, err := os.Stat(program)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
			return nil, fmt.Errorf("%q is not an executable file any more", program)
		}
		return &Build{ID: versionOf(program, info), Dir: filepath.Dir(program), program: program}, nil
	}
	a.files = func(context.Context) ([]string, error) {
		program, err := filepath.EvalSymlinks(a.Path)
		if err != nil {
			return nil, err
		}
		if program == a.Path {
			return []string{program}, nil
		}
		return []string{program, a.Path}, nil // a link that points elsewhere is noticed
	}
	return true, ""
}

// versionOf tells a program from what replaces it, in its place or as another
// file of the name. A copy of the same program is another version.
func versionOf(program string, info fs.FileInfo) string {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s %d:%d %d %d", program, st.Dev, st.Ino, info.Size(), info.ModTime().UnixNano())
}
