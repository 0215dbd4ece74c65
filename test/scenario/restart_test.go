package scenario

import (
	"slices"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// Restart after restart under load: no request fails, and once a restart has
// finished no worker of the old generation answers.
func TestScenarioRestarts(t *testing.T) {
	driver.SmallBuffer(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(12))
		restarts := driver.Scaled(100)
		for i := range restarts {
			old := s.WorkerPIDs()
			if out, status := s.Run("restart"); status != 0 {
				s.Fatalf("restart: exit status %d, printed %s", status, out)
			}
			after := s.Load(driver.Plain(4, 40)).Wait()
			for _, one := range after.All {
				if slices.Contains(old, one.PID) {
					t.Errorf("%s was answered by process %d of the old generation", one.ID, one.PID)
				}
			}
			s.Judge(after)
			s.Eventually("the load goes on", func() error { return load.AtLeast(driver.Scaled(100_000) / restarts / 4 * i) })
		}
		s.Judge(load.Stop())
		s.Settled()
	})
}
