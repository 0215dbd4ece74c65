package scenario

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// A worker that starts and is never ready keeps nobody from being served, costs
// nothing, and does not stand in the way of the code that mends it. After a
// minute it is replaced by itself.
func TestScenarioNeverReady(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		script := driver.NewScript(t)
		block := filepath.Join(script.Dir, "block")
		script.Before("[ ! -e " + block + " ] || exec sleep 300")
		o.App = script.Dir
		s := driver.Start(t, o)
		if err := os.WriteFile(block, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		load := s.Load(driver.Mixed(6))
		s.Kill9(s.WorkerPIDs()[0])
		s.Eventually("its replacement is not ready", func() error {
			status, err := s.Status()
			if err == nil && (status.Ready != status.Workers-1 || len(s.WorkerPIDs()) != status.Workers) {
				err = errors.New(status.Status)
			}
			return err
		})
		s.Eventually("the load goes on", func() error { return load.AtLeast(500) })
		if driver.Long() {
			for len(s.LogLines("not ready within")) == 0 {
				time.Sleep(time.Second)
			}
		}
		s.Judge(load.Stop(), driver.Allow(502, 1))
		calm := s.Calm()
		time.Sleep(300 * time.Millisecond)
		calm()
		if err := os.Remove(block); err != nil {
			t.Fatal(err)
		}
		if out, status := s.Run("restart"); status != 0 {
			t.Errorf("restart: exit status %d, printed %s", status, out)
		}
		s.Recovered()
	})
}
