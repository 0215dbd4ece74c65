package server

import (
	"os"
	"runtime"
)

// spareProcessor has Go's scheduler run one goroutine more at once than it
// would, and returns how many that were before and what undoes it. A thread
// that forks keeps its share of the scheduler until the new program runs, which
// takes milliseconds on a busy machine, and a thread that is woken has one
// before the kernel runs it: without a spare one requests would wait meanwhile.
// Who has set GOMAXPROCS has what they want.
func spareProcessor() (processors int, undo func()) {
	n := runtime.GOMAXPROCS(0)
	if os.Getenv("GOMAXPROCS") != "" {
		return n, func() {}
	}
	runtime.GOMAXPROCS(n + 1)
	return n, func() { runtime.GOMAXPROCS(n) }
}
