package driver

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
)

// missing is what tests were left out for.
var missing struct {
	sync.Mutex
	names []string
}

// Require leaves the test out when a program is not in PATH. With
// RIP_TEST_REQUIRE=all that is a failure.
func Require(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		LeaveOut(t, program+" is not installed")
	}
}

// LeaveOut leaves the test out for a reason, which the end of the run tells.
// With RIP_TEST_REQUIRE=all it fails.
func LeaveOut(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("RIP_TEST_REQUIRE") == "all" {
		t.Fatalf("%s, and RIP_TEST_REQUIRE=all forbids to leave anything out", why)
	}
	missing.Lock()
	if !slices.Contains(missing.names, why) {
		missing.names = append(missing.names, why)
	}
	missing.Unlock()
	t.Skip(why)
}

// tellMissing prints what was left out.
func tellMissing() {
	for _, why := range missing.names {
		fmt.Printf("some tests were left out: %s\n", why)
	}
}
