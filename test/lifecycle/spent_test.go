package lifecycle

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// A spent worker waits for SIGTERM and then ends at once: the server never has
// to kill it.
func TestSpentWorkersEnd(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		o.Recycle, o.Workers = 20, 2
		s := driver.Start(t, o)
		s.Judge(s.Load(driver.Plain(4, 200)).Wait())
		s.Settled()
		if status := s.Stop(); status != 0 {
			t.Errorf("exit status %d", status)
		}
		if lines := s.LogLines("it ignored SIGTERM"); len(lines) > 0 {
			t.Errorf("killed: %q", lines)
		}
	})
}
