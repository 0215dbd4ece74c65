package scenario

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// Every 200 ms a random worker is killed at whatever it does under load: each
// kill costs one request at most, and that client gets 502. What the worker had
// not begun is sent again and succeeds, POSTs too.
func TestScenarioKills(t *testing.T) {
	driver.SmallBuffer(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(16))
		kills := 0
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for end := time.After(driver.Lasting(3 * time.Second)); ; {
			select {
			case <-tick.C:
				if active := s.Active(); len(active) > 0 {
					s.Kill9(active[rand.IntN(len(active))])
					kills++
				}
				continue
			case <-end:
			}
			break
		}
		if kills == 0 {
			t.Error("no worker was ever seen active")
		}
		outcomes := load.Stop()
		s.Judge(outcomes, driver.Allow(502, kills))
		t.Logf("%d kills, %d of %d requests got 502", kills, outcomes.Count(502), len(outcomes.All))
		s.Settled()
	})
}
