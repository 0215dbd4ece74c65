package scenario

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// A worker that hangs, spins or is stopped costs its own client a 504 and nobody
// else anything. One that still can dumps its stacks into the log, with the id
// of the request; then it is killed with the processes it started.
func TestScenarioHangs(t *testing.T) {
	driver.SmallBuffer(t, func(t *testing.T, o driver.Options) {
		script := driver.NewScript(t)
		script.Before("sleep 300 &") // a process of the worker's group
		o.App = script.Dir
		o.Args = append(o.Args, "--request-timeout=2s")
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(6))
		for id, target := range map[string]string{"hangs": "/hang", "spins": "/cpu?ms=600000", "stopped": "/sleep?ms=600000"} {
			p := s.Go(id, target)
			pid := s.AwaitRunning(id)
			group := s.Group(pid)
			if len(group) != 2 {
				t.Errorf("the group of worker %d is %v, want it and its child", pid, group)
			}
			if id == "stopped" {
				if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
					t.Fatal(err)
				}
			}
			a := p.Answer()
			if a.Status != 504 || a.Header.Get("Proxy-Status") == "" {
				t.Errorf("%s: got %d %v, want 504", id, a.Status, a.Header)
			}
			s.AwaitGone(group...)
			if err := s.Journal().Ran(id, 1, 0); err != nil {
				t.Error(err)
			}
			if id == "stopped" {
				continue
			}
			path, _, _ := strings.Cut(target, "?")
			s.Eventually("the stacks of the worker are in the log with its request", func() error {
				var request string
				for _, line := range s.LogLines(`"path":"` + path + `"`) {
					_, rest, _ := strings.Cut(line, `"id":"`)
					request, _, _ = strings.Cut(rest, `"`)
				}
				for _, line := range s.LogLines("SIGQUIT") {
					if request != "" && strings.Contains(line, request) {
						return nil
					}
				}
				return fmt.Errorf("no dump for request %q", request)
			})
		}
		s.Judge(load.Stop())
		s.Settled()
		s.Stop()
		if orphans := s.Orphans(); len(orphans) > 0 {
			t.Errorf("processes %v are left", orphans)
		}
	})
}

// Workers that finish at the moment of the request timeout: each client gets the
// reply or a 504, and what the worker would have taken next is not lost.
func TestScenarioFinishedJustInTime(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Args = append(o.Args, "--request-timeout=600ms", "--queue-timeout=0")
		s := driver.Start(t, o)
		counts := map[int]int{}
		for round := range max(4, driver.Scaled(100)) {
			var sleepers []*driver.Pending
			var ids []string
			for i := range 4 {
				id := fmt.Sprintf("sleeper-%d-%d", round, i)
				ids = append(ids, id)
				sleepers = append(sleepers, s.Go(id, fmt.Sprintf("/sleep?ms=%d&%s", 560+20*i+5*(round%8), id)))
			}
			next := s.Load(driver.Plain(8, 40))
			for i, p := range sleepers {
				a := p.Answer()
				counts[a.Status]++
				var err error
				switch j := s.Journal(); {
				case a.Status == 200:
					err = j.Ran(ids[i], 1, 1)
				case a.Status != 504:
					err = errors.New(string(a.Body))
				case j.Starts[ids[i]] != 1:
					err = fmt.Errorf("started %d times", j.Starts[ids[i]])
				}
				if err != nil {
					t.Errorf("%s got %d: %v", ids[i], a.Status, err)
				}
			}
			s.Judge(next.Wait())
		}
		t.Logf("answers: %v", counts)
		s.Settled()
	})
}
