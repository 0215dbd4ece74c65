// Package test runs the whole program: the behaviour that every runtime must
// show, and faults under load.
package test

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

func TestMain(m *testing.M) {
	if runtime.GOOS != "linux" {
		fmt.Println("these tests read /proc: skipped")
		os.Exit(0)
	}
	driver.Main(m)
}

// bothSockets runs a test once for each type of shared socket.
func bothSockets(t *testing.T, test func(t *testing.T, socket string)) {
	for _, socket := range []string{"seqpacket", "stream"} {
		t.Run(socket, func(t *testing.T) { test(t, socket) })
	}
}
