package runtimes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/build"
	"io/fs"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// buildNice is the nice value of what builds an app (setpriority(2)): a build
// takes what processor time the workers leave.
const buildNice = 10

// A Go app is a folder whose package is main. It is built with the go command
// that is in PATH; whether it serves shows when a worker of it is ready.
func detectGo(a *App, info fs.FileInfo, o Options) (bool, string) {
	if !info.IsDir() {
		if filepath.Ext(a.Path) == ".go" {
			return false, "a Go app is named by its folder"
		}
		return false, ""
	}
	// An error here is one that go build will show better.
	p, err := build.ImportDir(a.Path, 0)
	var several *build.MultiplePackageError
	if errors.As(err, &several) {
		return false, fmt.Sprintf("found packages %s", several.Packages)
	}
	if p.Name != "main" {
		if p.Name != "" {
			return false, "found package " + p.Name
		}
		return false, ""
	}
	a.prepare = func(ctx context.Context) (*Build, error) { return buildGo(ctx, a.Path, o.CacheDir) }
	a.files = (&goFiles{path: a.Path}).files
	return true, ""
}

// buildGo builds the package in a folder into the cache.
func buildGo(ctx context.Context, path, cacheDir string) (*Build, error) {
	dir, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	shelf, err := openShelf(ctx, cacheDir, path)
	if err != nil {
		return nil, err
	}
	defer shelf.close()
	// On top of the last program go build only looks whether that is still
	// the right one, which takes a fraction of linking it again.
	draft, err := shelf.draft()
	if err != nil {
		return nil, err
	}
	defer shelf.discard(draft)
	if _, err := goTool(ctx, dir, "build", "-o", draft, "."); err != nil {
		return nil, err
	}
	program, hold, err := shelf.keep(draft)
	if err != nil {
		return nil, err
	}
	return &Build{ID: program + " in " + dir, Dir: dir, program: program, hold: hold}, nil
}

// goTool runs the go command in a folder and returns its standard output. When
// it fails, the error is a *BuildError.
func goTool(ctx context.Context, dir, verb string, args ...string) ([]byte, error) {
	program, err := exec.LookPath("go")
	if err != nil {
		return nil, fmt.Errorf("a Go app needs the go command, which is not in PATH (https://go.dev/dl): %w", err)
	}
	cmd := exec.CommandContext(ctx, program, append([]string{verb}, args...)...)
	cmd.Dir = dir
	// A group of its own, so that its compilers end with it and Ctrl-C on the
	// terminal is for the server alone.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err = cmd.Start(); err == nil {
		// Requests go first. Without it everything works too.
		_ = unix.Setpriority(unix.PRIO_PGRP, cmd.Process.Pid, buildNice)
		err = cmd.Wait()
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, &BuildError{Tool: "go " + verb, Output: stderr.String() + stdout.String()}
	}
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", verb, err)
	}
	return stdout.Bytes(), nil
}
