// Package driver runs the whole program for tests: it builds rip-server once,
// starts it on an app with folders of its own, puts load on it, and judges
// from outside, by what clients received, what the app wrote to its journal
// and what the kernel shows, whether everything was right.
//
//	s := driver.Start(t, driver.Options{Socket: "stream", Workers: 4})
//	load := s.Load(driver.Mixed(32))
//	s.Kill9(s.Busy())
//	s.Judge(load.Stop(), driver.Allow(502, 1))
//	s.Settled()
//
// Whatever fails ends the test with the end of the server's log.
package driver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// Patience is how long the driver waits for what should come at once. It is no
// measure of anything: a busy machine may take its time, and what never comes
// has to end.
const Patience = 30 * time.Second

// Main runs the tests of a package that uses the driver, and removes what was
// built for them.
func Main(m *testing.M) {
	if runtime.GOOS != "linux" {
		fmt.Println("these tests read /proc: skipped")
		os.Exit(0)
	}
	code := m.Run()
	tellMissing()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// built is the program under test; every test of a run uses the same.
var built struct {
	once sync.Once
	dir  string
	path string
	root string
	err  error
}

// build builds rip-server once, with the race detector when the test runs
// under it.
func build() (program, root string, err error) {
	built.once.Do(func() {
		out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
		if err != nil {
			built.err = fmt.Errorf("go list: %w", err)
			return
		}
		built.root = strings.TrimSpace(string(out))
		if built.dir, built.err = os.MkdirTemp("", "rip-test-"); built.err != nil {
			return
		}
		built.path = filepath.Join(built.dir, "rip-server")
		args := []string{"build", "-o", built.path}
		if raceEnabled {
			args = append(args, "-race")
		}
		cmd := exec.Command("go", append(args, "./cmd/rip-server")...)
		cmd.Dir = built.root
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = errors.Join(err, errors.New(string(out)))
		}
	})
	return built.path, built.root, built.err
}

// Long tells whether scenarios run at their full length.
func Long() bool { return os.Getenv("RIP_TEST_LONG") != "" }

// Scaled returns n at full length, else a tenth of it, and less with -short.
func Scaled(n int) int {
	switch {
	case Long():
		return n
	case testing.Short():
		return max(1, n/50)
	}
	return max(1, n/10)
}
