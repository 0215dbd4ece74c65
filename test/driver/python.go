package driver

import (
	"os/exec"
	"testing"
)

// pythons are where packages of Python may be installed: those of the system
// belong to its own interpreter, which need not be the first in PATH.
var pythons = []string{"python3", "/usr/bin/python3"}

// RequirePython returns an interpreter that can import modules. Without one it
// leaves the test out.
func RequirePython(t testing.TB, modules ...string) (program string) {
	t.Helper()
	code := ""
	for _, m := range modules {
		code += "import " + m + "\n"
	}
	for _, program := range pythons {
		if exec.Command(program, "-c", code).Run() == nil {
			return program
		}
	}
	LeaveOut(t, "no Python has "+modules[0])
	return ""
}
