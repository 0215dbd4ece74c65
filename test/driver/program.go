package driver

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// programs are what Program has built, by package.
var programs struct {
	sync.Mutex
	paths map[string]string
}

// Program builds a package of the repository, such as "examples/lab", once and
// returns the path of the program. An app that is a program already starts in a
// moment, and restarts do not wait for a compiler.
func Program(t testing.TB, pkg string) string {
	t.Helper()
	if _, _, err := build(); err != nil {
		t.Fatalf("build rip-server: %v", err)
	}
	programs.Lock()
	defer programs.Unlock()
	if path := programs.paths[pkg]; path != "" {
		return path
	}
	path := filepath.Join(built.dir, "apps", filepath.Base(pkg))
	cmd := exec.Command("go", "build", "-o", path, "./"+pkg)
	cmd.Dir = built.root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", pkg, err, out)
	}
	if programs.paths == nil {
		programs.paths = map[string]string{}
	}
	programs.paths[pkg] = path
	return path
}

// Lasting returns for how long a scenario keeps load up that has no number of
// requests: twenty times as long at full length.
func Lasting(short time.Duration) time.Duration {
	if Long() {
		return 20 * short
	}
	return short
}

// Soak returns how long the soak keeps load up: RIP_TEST_SOAK, or else what is
// enough to see it work.
func Soak(short time.Duration) time.Duration {
	if d, err := time.ParseDuration(os.Getenv("RIP_TEST_SOAK")); err == nil {
		return d
	}
	return short
}
