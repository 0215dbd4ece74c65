package lifecycle

import (
	"sync"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// Workers are replaced after 50 requests, and nobody notices.
func TestRecycling(t *testing.T) {
	const limit, workers = 50, 4
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		o.Workers, o.Recycle = workers, limit
		s := driver.Start(t, o)
		stop := watchReady(t, s)
		outcomes := s.Load(driver.Plain(8, driver.Scaled(20_000))).Wait()
		stop()
		s.Judge(outcomes)

		slots := map[int]int{} // by process
		for _, one := range outcomes.All {
			slots[one.PID] = one.Worker
		}
		few := len(s.LogLines("requests became few")) // then a worker may leave early
		counts := map[int]int{}
		var order []int // processes, by their first request
		for _, e := range s.Journal().Entries {
			if e.Done {
				continue
			}
			if counts[e.PID]++; counts[e.PID] == 1 {
				order = append(order, e.PID)
			}
		}
		begun := map[int]bool{} // slots whose first worker was seen: its life is shortened
		for _, pid := range order {
			slot, n := slots[pid], counts[pid]
			switch {
			case n > limit:
				t.Errorf("process %d of worker %d ran %d requests", pid, slot, n)
			case n < limit && begun[slot] && !driver.Alive(pid):
				if few--; few >= 0 {
					break
				}
				t.Errorf("process %d of worker %d has left after %d requests", pid, slot, n)
			}
			begun[slot] = true
		}
		if len(order) < len(outcomes.All)/limit {
			t.Errorf("%d processes ran %d requests", len(order), len(outcomes.All))
		}
		s.Settled()
	})
}

// watchReady looks again and again whether enough workers are there, until it
// is told to stop.
func watchReady(t *testing.T, s *driver.Server) (stop func()) {
	end := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() {
		for {
			select {
			case <-end:
				return
			case <-time.After(5 * time.Millisecond):
			}
			switch status, err := s.Status(); {
			case err != nil:
				t.Errorf("status: %v", err)
				return
			case status.Ready+status.Spent < status.Workers:
				t.Errorf("%d ready and %d spent workers of %d", status.Ready, status.Spent, status.Workers)
				return
			}
		}
	})
	return func() {
		close(end)
		watcher.Wait()
	}
}
