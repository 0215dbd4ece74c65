package scenario

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// An app that cannot start is tried again, each time later than before, so it
// costs little; clients get a 503 that says so, without waiting, and the log says why. Once the file
// is mended the server serves, without a restart.
func TestScenarioCrashLoop(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		script := driver.NewScript(t)
		script.Break("echo no database for today; exit 3")
		o.App, o.Workers, o.Pending = script.Dir, 2, true
		open := o.Socket == "stream" // to a public that is told nothing of the app's inside
		if open {
			o.Args = append(o.Args, "--env=production")
		}
		s := driver.Start(t, o)
		s.AwaitAddress()
		s.Eventually("clients are told that no worker can start", func() error {
			a, err := s.Ask("GET", "/echo")
			if err == nil && (a.Status != 503 || a.Header.Get("Retry-After") == "" || !strings.Contains(a.Header.Get("Proxy-Status"), "no worker can start")) {
				err = fmt.Errorf("got %d %v %s", a.Status, a.Header, a.Body)
			}
			if err == nil && strings.Contains(string(a.Body), "no database for today") == open {
				t.Errorf("open to the public %v: clients are told %s", open, a.Body)
			}
			return err
		})
		s.Eventually("each worker was tried five times", func() error {
			for worker := range 2 {
				if n := len(delays(s, worker+1)); n < 5 {
					return fmt.Errorf("worker %d: %d times", worker+1, n)
				}
			}
			return nil
		})
		for worker := range 2 {
			if d := delays(s, worker+1); !slices.IsSorted(d) {
				t.Errorf("delays between two starts of worker %d: %v", worker+1, d)
			}
		}
		if len(s.LogLines(`"printed":"no database for today"`)) == 0 {
			t.Error("the log does not say why")
		}
		script.Mend()
		s.AwaitHealthy()
		s.Judge(s.Load(driver.Plain(4, 100)).Wait())
		s.Settled()
	})
}

// delays returns how long the server said it waits before each start of a worker.
func delays(s *driver.Server, worker int) []float64 {
	var list []float64
	for _, line := range s.LogLines("waits before it starts again") {
		var l struct {
			Worker       int
			DelaySeconds float64
		}
		if json.Unmarshal([]byte(line), &l) == nil && l.Worker == worker {
			list = append(list, l.DelaySeconds)
		}
	}
	return list
}

// A restart to code that cannot start, or dies as soon as it has: the old workers
// serve on, and the command fails and shows what the new ones printed.
func TestScenarioBrokenDeploy(t *testing.T) {
	driver.SmallBuffer(t, func(t *testing.T, o driver.Options) {
		script := driver.NewScript(t)
		o.App = script.Dir
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(8))
		before := s.WorkerPIDs()
		for _, broken := range []func(){
			func() { script.Break("echo the reason; exit 1") },
			func() { script.Break("echo the reason; BAD_START=die exec " + driver.Program(t, "test/badworker")) },
		} {
			broken()
			if out, status := s.Run("restart"); status != 1 || !strings.Contains(out, "the reason") {
				t.Errorf("restart to broken code: exit status %d, printed %s", status, out)
			}
			s.Eventually("the old workers alone are there", func() error {
				if now := s.WorkerPIDs(); !slices.Equal(before, now) {
					return fmt.Errorf("they were %v, now there are %v", before, now)
				}
				return nil
			})
		}
		script.Mend()
		if out, status := s.Run("restart"); status != 0 {
			t.Errorf("restart to good code: exit status %d, printed %s", status, out)
		}
		s.Judge(load.Stop())
		s.Settled()
	})
}

// A stop at any moment of a start leaves no process and no socket.
func TestScenarioStopDuringStart(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Pending = true
		times := driver.Scaled(200)
		for i := range times {
			s := driver.Start(t, o)
			time.Sleep(200 * time.Millisecond * time.Duration(i) / time.Duration(times)) // the moment
			workers := s.WorkerPIDs()
			if status := s.Stop(); status != 0 && status != -1 { // -1: it was not there yet to catch the signal
				s.Fatalf("after %d of %d parts: exit status %d", i, times, status)
			}
			s.AwaitGone(workers...)
			s.NothingLeft()
			if orphans := s.Orphans(); len(orphans) > 0 {
				t.Errorf("processes %v are left", orphans)
			}
		}
	})
}
