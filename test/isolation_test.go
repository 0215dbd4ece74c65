package test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// While three of four workers are held, the fourth serves everybody else.
func TestTheFreeWorkerServes(t *testing.T) {
	requests := 1000
	if driver.RaceDetector() { // the embedded engine is Go code too
		requests = 200
	}
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		var sleepers []*driver.Pending
		var held []int
		for i := range 3 {
			id := fmt.Sprintf("sleeper-%d", i)
			sleepers = append(sleepers, s.Go(id, "/sleep?ms=5000"))
			held = append(held, s.AwaitRunning(id))
		}
		outcomes := s.Load(driver.Plain(8, requests)).Wait()
		for _, p := range sleepers {
			if p.Done() {
				t.Errorf("a sleeper has ended: %d requests took longer than its five seconds", requests)
			}
		}
		s.Judge(outcomes)
		for _, one := range outcomes.All {
			if slices.Contains(held, one.PID) {
				t.Fatalf("%s was run by process %d, which sleeps", one.ID, one.PID)
			}
		}
		for _, p := range sleepers {
			if a := p.Answer(); a.Status != 200 {
				t.Errorf("a sleeper got %d", a.Status)
			}
		}
		s.Settled()
	})
}

// While all workers are held, requests wait and are then served in order.
func TestRequestsWaitInOrder(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		// The last one wakes first and then serves alone, so that the journal
		// shows one order.
		var sleepers, waiting []*driver.Pending
		for i, ms := range []int{4000, 4000, 4000, 1500} {
			id := fmt.Sprintf("sleeper-%d", i)
			sleepers = append(sleepers, s.Go(id, fmt.Sprintf("/sleep?ms=%d", ms)))
			s.AwaitRunning(id)
		}
		const n = 20
		for i := range n {
			waiting = append(waiting, s.Go(fmt.Sprintf("waiting-%d", i), "/echo"))
			s.AwaitQueued(i + 1)
			s.AwaitAsleep(s.PID) // it is counted before it is sent
		}
		if sleepers[3].Done() {
			t.Skip("the machine is too slow: the sleeper woke before all requests waited")
		}
		for i, p := range waiting {
			if a := p.Answer(); a.Status != 200 {
				t.Errorf("request %d that waited got %d %s", i, a.Status, a.Body)
			}
		}
		next := 0
		for _, e := range s.Journal().Entries {
			number, isWaiting := strings.CutPrefix(e.ID, "waiting-")
			if !isWaiting || e.Done {
				continue
			}
			if number != strconv.Itoa(next) {
				t.Fatalf("%s ran when it was the turn of waiting-%d", e.ID, next)
			}
			next++
		}
		for _, p := range sleepers {
			if a := p.Answer(); a.Status != 200 {
				t.Errorf("a sleeper got %d", a.Status)
			}
		}
		s.Settled()
	})
}

// A request that no worker takes in time is answered 503, and does not run.
func TestQueueTimeout(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		o.Workers, o.Args = 1, []string{"--queue-timeout=600ms"}
		s := driver.Start(t, o)
		sleeper := s.Go("sleeper", "/sleep?ms=3000")
		s.AwaitRunning("sleeper")
		a := s.Go("late", "/echo").Answer()
		if sleeper.Done() {
			t.Fatal("the worker was free: the request should have been served")
		}
		if a.Status != 503 || a.Header.Get("Retry-After") == "" || a.Header.Get("Proxy-Status") == "" {
			t.Errorf("got %d %v", a.Status, a.Header)
		}
		if a := sleeper.Answer(); a.Status != 200 {
			t.Errorf("the sleeper got %d", a.Status)
		}
		s.Get("/ping")
		if err := s.Journal().Ran("late", 0, 0); err != nil {
			t.Error(err)
		}
		s.Settled()
	})
}
