package test

import (
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// behaviours is what every runtime must show on the socket types it speaks. They run
// one after the other against a server with two workers.
var behaviours = []struct {
	name  string
	check func(*testing.T, *driver.Server)
}{
	{"ping", ping},
	{"json", jsonBody},
	{"methods", methods},
	{"targets", targets},
	{"fields", fields},
	{"request bodies", requestBodies},
	{"response bodies", responseBodies},
	{"head", head},
	{"http 1.0", http10},
	{"expect 100-continue", expectContinue},
	{"upgrade", upgrade},
	{"pipelining", pipelining},
	{"stream", stream},
	{"panic", panics},
	{"exit", exits},
	{"abort", aborts},
	{"printed lines", printedLines},
	{"sleep", sleep},
	{"mixed load", mixedLoad},
}

func TestBehaviour(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		o.Workers = 2
		s := driver.Start(t, o)
		for _, b := range behaviours {
			// After a failure the server may be in any state: one is enough.
			if !t.Run(b.name, func(t *testing.T) {
				b.check(t, s.With(t))
				s.With(t).AwaitHealthy()
			}) {
				return
			}
		}
		s.Settled()
		if status := s.Stop(); status != 0 {
			t.Errorf("exit status %d", status)
		}
	})
}
