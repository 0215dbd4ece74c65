package lifecycle

import (
	"slices"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// Rolling restarts under load: no error, and afterwards no old worker is left.
func TestRollingRestart(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(16))
		for range max(3, driver.Scaled(100)) {
			old := s.WorkerPIDs()
			if out, status := s.Run("restart"); status != 0 {
				s.Fatalf("restart: exit status %d, printed %s", status, out)
			}
			for _, pid := range s.WorkerPIDs() {
				if slices.Contains(old, pid) {
					t.Fatalf("process %d of the old generation is still there after the restart", pid)
				}
			}
		}
		s.Judge(load.Stop())
		s.Settled()
	})
}
