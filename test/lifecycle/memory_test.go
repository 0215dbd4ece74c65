package lifecycle

import (
	"fmt"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// Workers that grow too large are replaced under load, and no request is lost.
func TestMaxMemory(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s := driver.Start(t, driver.Options{Socket: socket, Args: []string{"--max-memory=150MiB"}})
		load := s.Load(driver.Mixed(8))
		for n := 0; n < max(3, driver.Scaled(30)); n = len(s.LogLines("of memory, 150.0 MiB are allowed")) {
			s.Get("/alloc?mb=60")
		}
		s.Judge(load.Stop())
		s.Settled()
	})
}

// A worker that grows far too large is killed, with the request that it runs.
func TestMaxMemoryHard(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s := driver.Start(t, driver.Options{Socket: socket, Workers: 1, Args: []string{"--max-memory-hard=150MiB", "--quarantine=off"}})
		// The first one makes the worker too large, the second is there to be
		// killed; with bad luck it comes after that.
		killed := 0
		s.Eventually("a request is killed", func() error {
			for _, target := range []string{"/alloc?mb=200", "/sleep?ms=1000"} {
				a, err := s.Ask("GET", target)
				switch {
				case err != nil:
					return err
				case a.Status == 502 && a.Header.Get("Proxy-Status") != "":
					killed++
				case a.Status != 200:
					s.Fatalf("%s: %d %s", target, a.Status, a.Body)
				}
			}
			if killed == 0 {
				return fmt.Errorf("nothing but 200")
			}
			return nil
		})
		s.Get("/ping")
		if n := len(s.LogLines("of memory, 150.0 MiB are allowed")); n < killed {
			t.Errorf("%d lines in the log say so, %d requests were killed", n, killed)
		}
		s.Settled()
	})
}
