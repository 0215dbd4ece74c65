package driver

import (
	"fmt"
	"strings"
)

// Allowance lets some requests of a load fail.
type Allowance struct{ status, max int }

// Allow lets up to max requests end with a status; status 0 stands for
// connections that broke before there was an answer.
func Allow(status, max int) Allowance { return Allowance{status, max} }

// Judge ends the test unless every request of a load has exactly one final
// response, a 200 with the right content except for what is allowed; nothing
// ran twice; no worker ran two requests at a time; what was answered ran; and
// journal and access log agree with what the clients saw.
func (s *Server) Judge(o *Outcomes, allowed ...Allowance) {
	s.t.Helper()
	limits := map[int]int{}
	for _, a := range allowed {
		limits[a.status] = a.max
	}
	failed := o.failures(limits)
	if len(failed) > 0 {
		for _, line := range s.LogLines(`"reason":"`) {
			s.t.Log(line) // of the access log: why
		}
	}
	s.report("requests failed", failed)
	journal := s.Journal()
	s.report("the journal disagrees with the clients", journal.contradictions(o))
	s.report("a worker ran two requests at a time", journal.overlaps())
	if s.options.Quiet {
		return
	}
	// The log is written a moment after the answer.
	s.Eventually("the access log agrees with the clients", func() error {
		if list := s.log.disagreements(o); len(list) > 0 {
			return fmt.Errorf("%d contradictions, such as %s", len(list), list[0])
		}
		return nil
	})
}

// JudgeStopped is Judge for load during which the server was stopped: a
// connection may have ended without an answer, but then the request that got
// none must not have run.
func (s *Server) JudgeStopped(o *Outcomes) {
	s.t.Helper()
	for i := range o.All {
		if one := &o.All[i]; one.Status == 0 {
			one.Err, one.Unanswered = nil, true
		}
	}
	s.Judge(o)
}

// report ends the test when there is something to report.
func (s *Server) report(what string, list []string) {
	s.t.Helper()
	if len(list) > 0 {
		s.Fatalf("%s (%d):\n%s", what, len(list), strings.Join(list[:min(len(list), 20)], "\n"))
	}
}

// Settled ends the test unless the server comes to rest as it was when it
// first was healthy: every worker ready, no child process but the workers, no
// zombie, the same descriptors and files.
func (s *Server) Settled() {
	s.t.Helper()
	s.AwaitHealthy()
	s.Eventually("the server is back to where it was", func() error {
		if err := s.onlyWorkers(); err != nil {
			return err
		}
		if more := s.measure().difference(s.baseline); more != "" {
			return fmt.Errorf("it holds more or less than before: %s", more)
		}
		return nil
	})
}
