package runtimes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
)

// leastNode is the oldest major version of Node that the shim runs on.
const leastNode = 18

// leastTypedNode are the versions from which on Node takes the types out of
// TypeScript by itself.
const leastTypedNode = "22.18, 23.6 or newer"

// nodeProbe makes Node say which version it is and where: a command in PATH may
// be a script that chooses one.
const nodeProbe = `console.log(process.versions.node + "\n" + process.execPath + "\n" + (process.features.typescript || ""))`

// findNode returns the absolute path of node: the one that was asked for, a path
// or a name in PATH, or else node in PATH. typed tells whether it runs TypeScript.
func findNode(ctx context.Context, dir, asked string) (executable string, typed bool, err error) {
	program, where := asked, "the option node"
	if program == "" {
		program, where = "node", "PATH"
	}
	path, err := exec.LookPath(program)
	if errors.Is(err, exec.ErrNotFound) {
		return "", false, fmt.Errorf("a Node app needs Node.js %d or newer: there is no %s in PATH (install nodejs, or name another one with --node=PATH)", leastNode, program)
	}
	if err != nil {
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			err = path.Err
		}
		return "", false, fmt.Errorf("%s: %s: %w", where, program, err)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, path, "-e", nodeProbe)
	cmd.Dir, cmd.Stderr = dir, &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return "", false, ctx.Err()
	}
	var major int
	version, rest, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	executable, features, _ := strings.Cut(rest, "\n")
	if _, scan := fmt.Sscanf(version, "%d.", &major); err != nil || scan != nil || executable == "" {
		return "", false, fmt.Errorf("%s: %q is no Node.js that runs: %s", where, path, strings.TrimSpace(fmt.Sprint(err, " ", stderr.String())))
	}
	if major < leastNode {
		return "", false, fmt.Errorf("%s: %q is Node.js %s, and %d or newer is needed (name another one with --node=PATH)", where, path, version, leastNode)
	}
	return executable, features != "", nil
}
