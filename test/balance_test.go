package test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// Requests one after another over idle workers spread evenly: the one that
// sleeps longest is woken first. In the short form it is waited for that they are
// idle: on a busy machine a worker may want for a processor before it sleeps
// again, and miss its turn.
func TestSequentialRequestsSpread(t *testing.T) {
	requests := 500
	if driver.Long() {
		requests = 10_000
	}
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		o.Quiet = true
		s := driver.Start(t, o)
		c, err := s.Dial()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		workers := s.WorkerPIDs()
		counts := map[string]int{}
		for range requests {
			if !driver.Long() {
				s.AwaitAsleep(workers...)
			}
			a, err := c.Do(&driver.Request{Target: "/pid"})
			if err != nil || a.Status != 200 {
				t.Fatalf("got %+v, %v", a, err)
			}
			counts[strings.TrimSpace(string(a.Body))]++
		}
		low, high := requests, 0
		for _, n := range counts {
			low, high = min(low, n), max(high, n)
		}
		if len(counts) != 4 || float64(high) >= 1.2*float64(low) {
			t.Errorf("requests by process: %v", counts)
		}
	})
}

// What 16 workers get done while they only sleep is 16 times what one does.
// At full length the promise is 95%; in the short form, beside other tests on
// a busy machine, much less shows that workers do not wait for each other.
func TestSleepingWorkersScale(t *testing.T) {
	want := 0.5
	if driver.Long() {
		want = 0.95
	}
	driver.BothSockets(t, func(t *testing.T, socket string) {
		rates := map[int]float64{}
		for _, workers := range []int{1, 16} {
			s := driver.Start(t, driver.Options{Socket: socket, Workers: workers, Quiet: true})
			rates[workers] = sleepRate(t, s, driver.Scaled(1000)*workers)
			s.Stop()
		}
		if ratio := rates[16] / rates[1]; ratio < want*16 {
			t.Errorf("16 workers do %.2f times what one does, want %.1f", ratio, want*16)
		}
	})
}

// sleepRate has 64 clients ask for a sleep of 10 ms and returns how many a
// second are answered.
func sleepRate(t *testing.T, s *driver.Server, requests int) float64 {
	var clients sync.WaitGroup
	var taken atomic.Int64
	began := time.Now()
	for range 64 {
		clients.Go(func() {
			c, err := s.Dial()
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			for taken.Add(1) <= int64(requests) {
				if a, err := c.Do(&driver.Request{Target: "/sleep?ms=10"}); err != nil || a.Status != 200 {
					t.Error(fmt.Errorf("got %+v, %w", a, err))
					return
				}
			}
		})
	}
	clients.Wait()
	return float64(requests) / time.Since(began).Seconds()
}
