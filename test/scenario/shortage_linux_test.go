package scenario

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// The descriptors run out: who comes is told so or waits, who is connected is
// served as far as that needs none, and a worker that dies meanwhile is replaced
// when there are some again.
func TestScenarioNoDescriptors(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Args = append(o.Args, "--queue-timeout=2s")
		s := driver.Start(t, o)
		load := s.Load(driver.Load{Clients: 4, MaxBody: 2000, Manners: []driver.Manner{driver.KeepAlive}})
		s.Eventually("there is load", func() error { return load.AtLeast(100) })
		victim := s.WorkerPIDs()[0]
		lift := s.LimitDescriptors(2)
		var crowd sync.WaitGroup
		var mu sync.Mutex
		counts := map[int]int{}
		for range 60 {
			crowd.Go(func() {
				c, err := s.Dial()
				if err != nil {
					t.Errorf("dial: %v", err)
					return
				}
				defer c.Close()
				a, err := c.Do(&driver.Request{Target: "/sleep?ms=200"})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err != nil && clean(err):
					counts[0]++
				case err != nil:
					t.Errorf("a client in the crowd: %v", err)
				default:
					counts[a.Status]++
					if a.Status != 200 && a.Status != 503 && (a.Status != 502 || counts[502] > 1) { // of the worker that is killed
						t.Errorf("a client in the crowd got %d %s", a.Status, a.Body)
					}
				}
			})
		}
		s.Eventually("the descriptors run out", func() error {
			if len(s.LogLines("cannot accept connections")) == 0 {
				return errors.New("nothing in the log about it")
			}
			return nil
		})
		s.Kill9(victim)
		s.Eventually("the worker cannot be replaced", func() error {
			if len(s.LogLines("too many open files")) == 0 {
				return errors.New("nothing in the log about it")
			}
			return nil
		})
		crowd.Wait()
		outcomes := load.Stop()
		end := s.Calm()
		time.Sleep(500 * time.Millisecond) // nobody spins in the meantime
		end()
		lift()
		t.Logf("answers to the crowd: %v", counts)
		for i := range outcomes.All {
			// An idle connection may be closed in favour of a newcomer. A request
			// that crosses that is not answered, and must not run.
			if one := &outcomes.All[i]; one.Status == 0 && one.Reused && clean(one.Err) {
				one.Err, one.Unanswered = nil, true
			}
		}
		s.Judge(outcomes, driver.Allow(502, 1-counts[502]), driver.Allow(503, len(outcomes.All)))
		s.Recovered()
	})
}

// No process can be made: the workers that there are serve on, one that dies is
// replaced when it is possible again. Without any, clients are told at once.
func TestScenarioForkFails(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(6))
		s.Eventually("there is load", func() error { return load.AtLeast(100) })
		mend := s.BreakFork()
		s.Kill9(s.WorkerPIDs()[0])
		s.Eventually("a start has failed", func() error {
			if len(s.LogLines("resource temporarily unavailable")) == 0 {
				return errors.New("nothing in the log about it")
			}
			return nil
		})
		s.Judge(load.Stop(), driver.Allow(502, 1))
		s.Kill9(s.WorkerPIDs()...)
		s.Eventually("clients are told that no worker can start", func() error {
			a, err := s.Ask("GET", "/ping")
			if err == nil && a.Status != 503 {
				err = errors.New(string(a.Body))
			}
			return err
		})
		end := s.Calm()
		time.Sleep(500 * time.Millisecond)
		end()
		mend()
		s.Recovered()
	})
}

// A worker that takes too much memory is killed by the kernel: that costs its
// client a 502 and nobody else anything.
func TestScenarioOutOfMemory(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(6))
		limited := true
		for _, pid := range s.WorkerPIDs() {
			limited = limited && s.LimitMemory(pid, 64<<20)
		}
		target := "/alloc?mb=512"
		if !limited {
			t.Log("no control group can be made here: SIGKILL stands in for the kernel")
			target = "/hang"
		}
		greedy := s.Go("greedy", target)
		if !limited {
			s.Kill9(s.AwaitRunning("greedy"))
		}
		if a := greedy.Answer(); a.Status != 502 {
			t.Errorf("got %d %s", a.Status, a.Body)
		}
		if err := s.Journal().Ran("greedy", 1, 0); err != nil {
			t.Error(err)
		}
		s.Judge(load.Stop())
		s.Recovered()
	})
}
