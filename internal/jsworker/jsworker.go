// Package jsworker is a worker that runs an app of JavaScript or TypeScript in
// the embedded engine. It is a worker like any other, on the public package
// worker; this program starts itself again as one.
package jsworker

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"

	"github.com/rip-server/rip-server/internal/bundle"
	"github.com/rip-server/rip-server/internal/wire"
	"github.com/rip-server/rip-server/worker"
)

const (
	// EnvMemory is how many bytes the objects of an app may take, unset = no end.
	EnvMemory = "RIP_ENGINE_MEMORY"

	// processors is how many goroutines run at once. All that there is for a
	// second one is what waits for the network, and Go's garbage collector.
	processors = 2
)

// Main runs a worker until the server tells it to leave. The arguments are the
// file of the bundle (bundle.Bundle.Script), and what it takes to make it anew
// where changed code comes in with the next request: the entry as seen from the
// working folder, the cache folder, and EXTENSION=MODULE for each compiler.
func Main(args []string) error {
	if len(args) == 0 || os.Getenv(wire.EnvProtocol) == "" {
		return errors.New("this is for the server alone: rip-server FOLDER runs an app")
	}
	runtime.GOMAXPROCS(min(processors, runtime.NumCPU()))
	limits, err := readLimits(os.Getenv)
	if err != nil {
		return err
	}
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGQUIT)
	s, err := newSource(args)
	if err != nil {
		return err
	}
	stdout, stderr := &outlet{file: os.Stdout}, &outlet{file: os.Stderr}
	r := newRunner(s, process{
		stdout: stdout, stderr: stderr, printed: outlets{stdout, stderr},
		environ: environ(), limits: limits, guard: newWatchdog(),
	})
	go r.guard.wait(quit)
	if err := r.start(); err != nil {
		return err
	}
	debug.FreeOSMemory() // what bundling took
	return worker.App{Handler: r, Reload: r.reload, After: r.after}.Serve()
}

// process is what an app has of the process around it.
type process struct {
	stdout, stderr io.Writer
	printed        outlets // those two, when the server reads them
	environ        []string
	limits         limits
	guard          *watchdog
}

// environ is what the app finds in process.env.
func environ() []string {
	return append(os.Environ(), "NODE_ENV="+bundle.NodeEnv(os.Getenv("RIP_ENV")))
}

// limits are what the server allows an engine.
type limits struct{ memory int64 }

func readLimits(getenv func(string) string) (l limits, err error) {
	if v := getenv(EnvMemory); v != "" {
		if l.memory, err = strconv.ParseInt(v, 10, 64); err != nil || l.memory < 0 {
			return l, fmt.Errorf("%s is %q, not a number of bytes", EnvMemory, v)
		}
	}
	return l, nil
}
