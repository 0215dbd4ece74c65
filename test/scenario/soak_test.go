package scenario

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// Load of every kind goes on and on, while workers are killed, hang, are
// recycled and replaced by restarts: for as long as RIP_TEST_SOAK says on both
// socket types together. Everything is judged round by round.
func TestScenarioSoak(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Recycle = 1000
		o.Args = append(o.Args, "--request-timeout=2s")
		s := driver.Start(t, o)
		var total soaked
		for end := time.Now().Add(driver.Soak(6*time.Second) / 2); time.Now().Before(end); {
			total.add(soak(t, s, min(20*time.Second, time.Until(end))))
			s.Forget()
		}
		t.Logf("%d requests in %d rounds: %d kills, %d of them got 502; %d restarts; %d hangs; the server spent %v of CPU time and holds %d KiB",
			total.requests, total.rounds, total.kills, total.failed, total.restarts, total.hangs, s.CPU(), s.Resident()>>10)
		s.Settled()
	})
}

// soaked is what happened in rounds of a soak.
type soaked struct{ rounds, requests, kills, failed, restarts, hangs int }

func (a *soaked) add(b soaked) {
	a.rounds += b.rounds
	a.requests += b.requests
	a.kills += b.kills
	a.failed += b.failed
	a.restarts += b.restarts
	a.hangs += b.hangs
}

// soak is one round.
func soak(t *testing.T, s *driver.Server, length time.Duration) soaked {
	t.Helper()
	mixed := driver.Mixed(12)
	mixed.Pause = 15 * time.Millisecond // it is for how long that counts, not for how much
	load := s.Load(mixed)
	r := soaked{rounds: 1}
	for end := time.Now().Add(length); time.Now().Before(end); {
		for range 5 {
			time.Sleep(200 * time.Millisecond)
			if active := s.Active(); len(active) > 0 {
				s.Kill9(active[rand.IntN(len(active))])
				r.kills++
			}
		}
		s.AwaitHealthy() // what dies as soon as it is ready makes a restart fail
		id := fmt.Sprintf("hang-%d-%d", time.Now().UnixNano(), r.hangs)
		hang := s.Go(id, "/hang?"+id)
		s.AwaitRunning(id)
		r.hangs++
		if out, status := s.Run("restart"); status != 0 {
			s.Fatalf("restart: exit status %d, printed %s", status, out)
		}
		r.restarts++
		if a := hang.Answer(); a.Status != 504 {
			t.Errorf("%s got %d %s, want 504", id, a.Status, a.Body)
		}
		if err := s.Journal().Ran(id, 1, 0); err != nil {
			t.Error(err)
		}
	}
	s.Eventually("there is load", func() error {
		if load.AtLeast(1) != nil {
			return errors.New("no answer yet")
		}
		return nil
	})
	outcomes := load.Stop()
	s.Judge(outcomes, driver.Allow(502, r.kills))
	r.requests, r.failed = len(outcomes.All), outcomes.Count(502)
	return r
}
