package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A place holds what a run builds and writes: a temporary folder.
type place struct {
	ctx  context.Context
	root string // of the repository
	dir  string
	dirs int
}

func newPlace(ctx context.Context) (*place, error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	dir, err := os.MkdirTemp("", "rip-bench-")
	if err != nil {
		return nil, err
	}
	return &place{ctx: ctx, root: strings.TrimSpace(string(root)), dir: dir}, nil
}

func (p *place) remove() { os.RemoveAll(p.dir) }

// newDir returns an empty folder.
func (p *place) newDir() (string, error) {
	p.dirs++
	dir := filepath.Join(p.dir, fmt.Sprint(p.dirs))
	return dir, os.Mkdir(dir, 0o700)
}

// file returns the path of a file in the repository.
func (p *place) file(name string) string { return filepath.Join(p.root, name) }

// program returns the path of a program, which build makes when it is asked
// for the first time.
func (p *place) program(name string, build func(output string) *exec.Cmd) (string, error) {
	output := filepath.Join(p.dir, name)
	if _, err := os.Stat(output); err == nil {
		return output, nil
	}
	cmd := build(output)
	cmd.Dir = p.root
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, text)
	}
	return output, nil
}

// goProgram builds a package of the repository.
func (p *place) goProgram(name, pkg string) (string, error) {
	return p.program(name, func(output string) *exec.Cmd {
		return exec.CommandContext(p.ctx, "go", "build", "-o", output, pkg)
	})
}
