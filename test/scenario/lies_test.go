package scenario

import (
	"fmt"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// lies are the ways in which a worker of test/badworker lies about what it runs,
// and then never returns.
var lies = []string{"let-go", "claim-unknown", "claim-other", "claim-others", "steal", "scribble"}

// A worker lies: it claims requests of others or such as do not exist, replies
// to requests of others, held or not, lets go of its own, scribbles over its row.
// It is replaced; its own client gets an answer with an end or a 502, and
// everybody else what he came for.
func TestScenarioLies(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s := driver.Start(t, driver.Options{
			App: driver.Program(t, "test/badworker"), Socket: socket, Args: []string{driver.Still, "--request-timeout=3s"},
		})
		for _, lie := range lies {
			load := s.Load(driver.Mixed(8))
			p := s.Go(lie, "/bad/"+lie)
			pid := s.TellWhenSeen(lie)
			if a := p.Answer(); a.Status != 502 && a.Status != 504 {
				t.Errorf("%s: its own client got %d %s", lie, a.Status, a.Body)
			}
			s.Eventually("the load goes on", func() error { return load.AtLeast(200) })
			s.Judge(load.Stop())
			s.AwaitGone(pid)
			if starts := s.Journal().Starts[lie]; starts != 1 {
				t.Errorf("%s was started %d times", lie, starts)
			}
			s.AwaitHealthy()
		}
		// These would serve on. What one runs while its row is nonsense may be run
		// again by another, so there is no load.
		calm := s.Calm()
		for _, lie := range []string{"scribble-beside", "claim-idle"} {
			p := s.Go(lie, "/bad/"+lie+"?answer=1")
			pid := s.TellWhenSeen(lie)
			if a := p.Answer(); a.Status != 200 && a.Status != 502 {
				t.Errorf("%s: its own client got %d %s", lie, a.Status, a.Body)
			}
			s.AwaitGone(pid)
		}
		calm()
		s.Settled()
	})
}

// A worker that hides what it runs looks like one that never received it. The
// request that does this to workers is sent to three of them, no more, and who
// may be stuck with it is replaced.
func TestScenarioHiddenClaims(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s := driver.Start(t, driver.Options{
			App: driver.Program(t, "test/badworker"), Socket: socket,
			Args: []string{driver.Still, "--request-timeout=3s", "--queue-timeout=3s"},
		})
		load := s.Load(driver.Mixed(6))
		a := s.Go("hide", "/bad/hide").Answer()
		// On the stream type it waits for a worker, unless the claim was seen before it was hidden.
		if a.Status != 502 && (socket == "seqpacket" || a.Status != 503) {
			t.Errorf("its own client got %d %s", a.Status, a.Body)
		}
		s.Eventually("the load goes on", func() error { return load.AtLeast(300) })
		s.Judge(load.Stop())
		if starts := s.Journal().Starts["hide"]; starts == 0 || starts > 3 {
			t.Errorf("it was started %d times", starts)
		}
		s.Eventually("nobody is stuck with it", func() error {
			now := map[int]bool{}
			for _, pid := range s.WorkerPIDs() {
				now[pid] = true
			}
			for _, e := range s.Journal().Entries {
				if e.ID == "hide" && now[e.PID] {
					return fmt.Errorf("process %d is", e.PID)
				}
			}
			return nil
		})
		s.Settled()
	})
}
