package lifecycle

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// A busy worker that is killed costs exactly the request that it held.
func TestKilledBusyWorker(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(8))
		for i := range max(2, driver.Scaled(20)) {
			id := fmt.Sprintf("victim-%d", i)
			victim := s.Go(id, "/sleep?ms=60000")
			s.Kill9(s.AwaitRunning(id))
			if a := victim.Answer(); a.Status != 502 || a.Header.Get("Proxy-Status") == "" {
				t.Errorf("%s got %d %v, want 502", id, a.Status, a.Header)
			}
			if err := s.Journal().Ran(id, 1, 0); err != nil {
				t.Error(err)
			}
		}
		s.Judge(load.Stop())
		s.Settled()
	})
}

// All workers killed while idle: the next request waits for a new one.
func TestKilledIdleWorkers(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		for range 3 {
			old := s.WorkerPIDs()
			s.Kill9(old...)
			s.Get("/ping")
			s.Judge(s.Load(driver.Plain(8, 100)).Wait())
			s.AwaitGone(old...)
			s.AwaitHealthy()
		}
		s.Settled()
	})
}

// The whole pool killed under load: each worker costs one request at most.
func TestKilledPool(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(16))
		const rounds = 3
		for i := range rounds {
			s.Eventually("there is load", func() error { return load.AtLeast(100 * (i + 1)) })
			s.Kill9(s.WorkerPIDs()...)
			s.AwaitHealthy()
		}
		// What had sent a part of its answer already is cut off instead.
		s.Judge(load.Stop(), driver.Allow(502, rounds*4))
		s.Settled()
	})
}

// The server killed: its workers go too, and the same command starts again.
func TestKilledServer(t *testing.T) {
	driver.EveryLab(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		s.Go("held", "/hang")
		s.AwaitRunning("held") // the worker that is hardest to get rid of
		workers := s.WorkerPIDs()
		killed := time.Now()
		s.Kill()
		s.AwaitGone(workers...)
		t.Logf("the workers were gone after %v", time.Since(killed))
		s.StartAgain()
		s.Judge(s.Load(driver.Plain(8, 100)).Wait())
		s.Settled()
	})
}

// A second server on the same app name says so and ends; the first one serves
// on.
func TestTwoServersOfOneName(t *testing.T) {
	s := driver.Start(t, driver.Options{})
	out, status := s.Run(s.App(), "http:127.0.0.1:0")
	if status != 1 {
		t.Errorf("exit status %d, printed %s", status, out)
	}
	s.Get("/ping")
	s.Settled()
}

// What is not a socket of ours is not removed.
func TestAFileAtTheSocketPathIsKept(t *testing.T) {
	s := driver.Start(t, driver.Options{})
	sockets, err := filepath.Glob(filepath.Join(s.RunDir(), "*.ctl"))
	if err != nil || len(sockets) != 1 {
		t.Fatalf("control sockets: %v, %v", sockets, err)
	}
	s.Stop()
	if err := os.WriteFile(sockets[0], []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, status := s.Run(s.App(), "http:127.0.0.1:0"); status != 1 {
		t.Errorf("exit status %d, printed %s", status, out)
	}
	if text, err := os.ReadFile(sockets[0]); string(text) != "precious" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}
