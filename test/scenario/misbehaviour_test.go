package scenario

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// badKinds are the ways in which test/badworker misbehaves, and what must come
// of a worker that does so and then never returns: whether the server replaces it,
// at the request timeout at the latest, and on which socket type it is possible.
var badKinds = []struct {
	kind     string
	replaced bool
	only     string // socket type
}{
	{"nonsense", true, ""},
	{"unknown-id", true, ""},
	{"no-id", true, ""},
	{"headless", true, ""},
	{"nonsense-head", true, ""},
	{"two-replies", true, ""},
	{"ready-twice", true, ""},
	{"miscount", true, "seqpacket"},
	{"shutdown", true, ""},
	{"close", true, ""},
	{"grandchild", true, ""},
	{"non-blocking", false, ""},
	{"truncate", false, ""},
}

// A worker that breaks the protocol is replaced, and the shared socket too where
// it broke that. Its own client gets an answer with an end or a 502, and no
// other request is lost or run twice.
func TestScenarioMisbehaviour(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s := driver.Start(t, driver.Options{App: driver.Program(t, "test/badworker"), Socket: socket, Args: []string{driver.Still, "--request-timeout=3s"}})
		for _, k := range badKinds {
			if k.only != "" && k.only != socket {
				continue
			}
			t.Run(k.kind, func(t *testing.T) {
				s := s.With(t)
				load := s.Load(driver.Mixed(6))
				target := "/bad/" + k.kind
				if !k.replaced {
					target += "?answer=1"
				}
				p := s.Go(k.kind, target)
				pid := s.AwaitRunning(k.kind)
				a := p.Answer()
				if a.Status != 200 && a.Status != 502 && a.Status != 504 { // 504: it goes on in peace, and hangs
					t.Errorf("its own client got %d %s", a.Status, a.Body)
				}
				if k.replaced {
					s.AwaitGone(pid)
				}
				if starts := s.Journal().Starts[k.kind]; starts != 1 {
					t.Errorf("its own request was started %d times", starts)
				}
				s.Eventually("the load goes on", func() error { return load.AtLeast(300) })
				s.Judge(load.Stop())
				s.AwaitHealthy()
			})
		}
		s.Settled()
		s.Stop()
		s.Kill9(s.Orphans()...) // the grandchild is nobody's any more
	})
}
