package driver

import (
	"os"
	"path/filepath"
	"testing"
)

// Script is an app whose workers are started by a shell script, so that a test
// can break it and mend it.
type Script struct {
	Dir string

	t    testing.TB
	good string // the script of a lab that works
}

// NewScript makes an app that is the lab.
func NewScript(t testing.TB) *Script {
	t.Helper()
	s := &Script{Dir: filepath.Join(t.TempDir(), "scripted"), t: t, good: "exec " + Program(t, "examples/lab") + "\n"}
	if err := os.Mkdir(s.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s.write("rip.toml", "command = [\"sh\", \"start.sh\"]\n")
	s.Mend()
	return s
}

// Mend makes workers start from now on.
func (s *Script) Mend() { s.t.Helper(); s.write("start.sh", s.good) }

// Break makes workers run other commands instead from now on.
func (s *Script) Break(commands string) { s.t.Helper(); s.write("start.sh", commands+"\n") }

// Before makes workers run commands and then be the lab.
func (s *Script) Before(commands string) { s.t.Helper(); s.write("start.sh", commands+"\n"+s.good) }

// write puts a file in its place at once: a shell reads a script as it goes.
func (s *Script) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.Dir, name)
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		s.t.Fatal(err)
	}
}
