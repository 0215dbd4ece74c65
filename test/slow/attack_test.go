package slow

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// steady is load at a constant rate: clients that each ask at fixed moments,
// however long the answer before took.
type steady struct {
	over chan struct{}
	all  sync.WaitGroup

	mu        sync.Mutex
	latencies []time.Duration // from when a request was due to its answer
}

const (
	steadyClients = 8
	steadyPause   = 10 * time.Millisecond
)

func beginSteady(t *testing.T, s *driver.Server) *steady {
	l := &steady{over: make(chan struct{})}
	for i := range steadyClients {
		l.all.Go(func() {
			c, err := s.Dial()
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			due := time.Now().Add(steadyPause * time.Duration(i) / steadyClients)
			for {
				select {
				case <-l.over:
					return
				case <-time.After(time.Until(due)):
				}
				a, err := c.Do(&driver.Request{Target: "/ping"})
				if err != nil || a.Status != 200 {
					t.Errorf("the normal load got %+v, %v", a, err)
					return
				}
				l.mu.Lock()
				l.latencies = append(l.latencies, time.Since(due))
				l.mu.Unlock()
				due = due.Add(steadyPause)
			}
		})
	}
	return l
}

// end returns the latencies in order.
func (l *steady) end() []time.Duration {
	close(l.over)
	l.all.Wait()
	slices.Sort(l.latencies)
	return l.latencies
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[int(q*float64(len(sorted)-1))]
}

func summary(sorted []time.Duration) string {
	return fmt.Sprintf("%d requests, p50 %v, p99 %v, p99.9 %v, most %v", len(sorted), quantile(sorted, 0.5).Round(time.Microsecond),
		quantile(sorted, 0.99).Round(time.Microsecond), quantile(sorted, 0.999).Round(time.Microsecond), sorted[len(sorted)-1].Round(time.Microsecond))
}

// connections returns how many the server has.
func connections(s *driver.Server) int {
	out, code := s.Run("status", "--json")
	var status struct{ Connections int }
	if err := json.Unmarshal([]byte(out), &status); err != nil || code != 0 {
		s.Fatalf("status: %v, %d, %q", err, code, out)
	}
	return status.Connections
}

// attacks are how slowhttptest(1) is called, with 500 connections each time:
// heads that never end, bodies that never end, and replies that are hardly read.
var attacks = []struct{ name, args string }{
	{"-H", "-H -i 5 -t GET -x 24 -u URL/"},
	{"-B", "-B -i 5 -t POST -s 8192 -x 10 -u URL/echo"},
	{"-X", "-X -w 512 -y 1024 -n 5 -z 32 -k 3 -u URL/bytes?n=1000000"},
}

// 500 slow clients of each kind beside a steady load on four workers: they hold
// no worker, and the load's answers hardly come later. Before and after each
// attack the load is alone, since this machine may have other things to do.
func TestSlowAttacks(t *testing.T) {
	if !driver.Long() {
		t.Skip("a measurement of minutes: RIP_TEST_LONG=1")
	}
	if _, err := exec.LookPath("slowhttptest"); err != nil {
		t.Skip("needs the Debian package slowhttptest")
	}
	const during = 20 * time.Second
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Quiet = true
		s := driver.Start(t, o)
		measure := func() []time.Duration {
			l := beginSteady(t, s)
			time.Sleep(during) // a measurement
			return l.end()
		}
		before := measure()
		for _, attack := range attacks {
			args := strings.Fields("-c 500 -r 200 -p 3 -l 3600 " + strings.ReplaceAll(attack.args, "URL", s.URL))
			cmd := exec.Command("slowhttptest", args...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			beside := measure()
			connections := connections(s)
			s.Eventually("no worker is busy", func() error {
				status, err := s.Status()
				if err == nil && (status.Busy > 0 || status.Queued > 0) {
					err = fmt.Errorf("%d busy, %d queued", status.Busy, status.Queued)
				}
				return err
			})
			files, bytes := s.Spooled()
			_ = cmd.Process.Signal(syscall.SIGKILL)
			_ = cmd.Wait() // killed
			s.AwaitSpooled(0)
			after := measure()
			t.Logf("%s: before %s", attack.name, summary(before))
			t.Logf("%s: beside %s; %d connections, %d files with %d MiB", attack.name, summary(beside), connections, files, bytes>>20)
			t.Logf("%s: after  %s", attack.name, summary(after))
			if alone := max(quantile(before, 0.99), quantile(after, 0.99)); quantile(beside, 0.99) > 2*alone {
				t.Errorf("%s: p99 is more than twice that of the load alone", attack.name)
			}
			before = after
		}
		s.Settled()
	})
}
