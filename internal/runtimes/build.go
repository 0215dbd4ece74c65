package runtimes

import (
	"os"
	"os/exec"
)

// Build is one version of an app's code, ready to run.
type Build struct {
	// ID names the version: of two builds with the same ID, workers are the
	// same. "" = it cannot be told.
	ID  string
	Dir string // the folder workers run in, symbolic links resolved

	program string   // absolute path
	args    []string // without the program
	name    string   // argv[0], "" = the title of the worker
	hold    *os.File // keeps the program in the cache, nil = it is not there
}

// Command returns a fresh command for one worker. Args[0] is the title where
// the program does not depend on it. What the worker needs beside it
// (environment, descriptors, output, attributes) is for the caller to add.
func (b *Build) Command(title string) *exec.Cmd {
	if b.name != "" {
		title = b.name
	}
	return &exec.Cmd{
		Path: b.program,
		Args: append([]string{title}, b.args...),
		Dir:  b.Dir,
	}
}

// Release says that no worker of this build is left or will be started.
func (b *Build) Release() {
	if b.hold != nil {
		b.hold.Close()
	}
}

// BuildError is returned when the code of an app could not be built.
type BuildError struct {
	Tool   string // what failed, "go build"
	Output string // what it printed, whole
}

func (e *BuildError) Error() string { return e.Tool + " failed:\n" + e.Output }
