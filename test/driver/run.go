package driver

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// Run runs rip-server with a command that needs no server, in folders of its
// own, and returns what it printed and its exit status.
func Run(t testing.TB, env []string, args ...string) (output string, status int) {
	t.Helper()
	program, _, err := build()
	if err != nil {
		t.Fatalf("build rip-server: %v", err)
	}
	s := &Server{t: t, dir: t.TempDir()}
	cmd := exec.Command(program, args...)
	cmd.Env = append(s.environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatalf("%v: %v", args, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// Path returns the absolute path of something in the repository.
func Path(t testing.TB, path string) string {
	t.Helper()
	_, root, err := build()
	if err != nil {
		t.Fatalf("build rip-server: %v", err)
	}
	return filepath.Join(root, path)
}
