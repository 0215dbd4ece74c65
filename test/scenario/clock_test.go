package scenario

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// The wall clock is set a day ahead and a day back while requests run, wait and
// hang: nothing ends that should not, and what should end does.
func TestScenarioClockJump(t *testing.T) {
	if testing.Short() {
		t.Skip("the standard library would have to be compiled with another clock")
	}
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Clock = true
		o.Args = append(o.Args, "--request-timeout=2s")
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(6))
		for i, jump := range []struct {
			to  byte
			day time.Duration
		}{{'+', 1}, {'-', -1}, {' ', 0}} {
			sleeps, hangs := fmt.Sprintf("sleeps-%d", i), fmt.Sprintf("hangs-%d", i)
			asleep, hung := s.Go(sleeps, "/sleep?ms=1000"), s.Go(hangs, "/hang?"+hangs)
			s.AwaitRunning(sleeps)
			s.AwaitRunning(hangs)
			s.SetClock(jump.to)
			s.Eventually("the server has another time", func() error {
				a, err := s.Ask("GET", "/server")
				if err != nil {
					return err
				}
				at, err := http.ParseTime(a.Header.Get("Date"))
				if ahead := time.Until(at); err == nil && (ahead-jump.day*24*time.Hour).Abs() > time.Hour {
					err = errors.New(a.Header.Get("Date"))
				}
				return err
			})
			if a := asleep.Answer(); a.Status != 200 {
				t.Errorf("%q: what sleeps got %d %s", jump.to, a.Status, a.Body)
			}
			if a := hung.Answer(); a.Status != 504 {
				t.Errorf("%q: what hangs got %d %s", jump.to, a.Status, a.Body)
			}
			s.AwaitHealthy()
		}
		s.Judge(load.Stop())
		s.Recovered()
	})
}
