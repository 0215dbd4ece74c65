package config

import (
	"runtime"
	"testing"
)

// A container's share of the CPUs counts, not what the machine has.
func TestAutoWorkers(t *testing.T) {
	app(t, "")
	t.Cleanup(func() { runtime.SetDefaultGOMAXPROCS() })
	for _, n := range []int{1, 7, 300} {
		runtime.GOMAXPROCS(n)
		if c := load(t, "app", "w:auto"); c.Workers != min(n, 256) {
			t.Errorf("%d CPUs: %d workers", n, c.Workers)
		}
	}
}
