package scenario

import (
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// stall stops all workers until the function that it returns is called.
func stall(s *driver.Server) (end func()) {
	workers := s.WorkerPIDs()
	signal := func(sig syscall.Signal) {
		for _, pid := range workers {
			if err := syscall.Kill(pid, sig); err != nil {
				s.Fatalf("signal %v to %d: %v", sig, pid, err)
			}
		}
	}
	signal(syscall.SIGSTOP)
	s.AwaitStopped(workers...)
	return func() { signal(syscall.SIGCONT) }
}

// All workers are stalled and thousands of clients come: --max-queue of them
// wait, the others are told at once to come again later. Those who wait give up;
// when the workers go on, none of their requests runs, and who comes then is
// served.
func TestScenarioOverload(t *testing.T) {
	const most, workers = 100, 4
	driver.SmallBuffer(t, func(t *testing.T, o driver.Options) {
		o.Args = append(o.Args, fmt.Sprintf("--max-queue=%d", most), "--queue-timeout=0", "--request-timeout=0")
		s := driver.Start(t, o)
		resume := stall(s)
		var waiting []*driver.Conn
		request := func(i int) *driver.Request {
			return &driver.Request{
				Method: "POST", Target: "/echo", Body: driver.Noise(i*13%3000, 1),
				Fields: []string{fmt.Sprintf("X-Lab-Id: stalled-%d", i)},
			}
		}
		for i := range most + workers { // one for each idle worker does not count as waiting
			c, err := s.Dial()
			if err == nil {
				err = c.Send(request(i))
			}
			if err != nil {
				t.Fatal(err)
			}
			waiting = append(waiting, c)
		}
		s.AwaitQueued(most + workers)
		for i := range max(300, driver.Scaled(5000)) {
			a, err := s.Do(request(most + workers + i))
			if err != nil || a.Status != 503 || a.Header.Get("Retry-After") == "" {
				s.Fatalf("request %d: got %+v, %v, want 503 with Retry-After", i, a, err)
			}
		}
		for _, c := range waiting {
			c.Close()
		}
		s.AwaitQueued(0)
		live := s.Go("live", "/echo")
		resume()
		began := time.Now()
		if a := live.Answer(); a.Status != 200 {
			t.Errorf("the live request got %d %s", a.Status, a.Body)
		}
		t.Logf("the live request was answered after %v", time.Since(began))
		s.Judge(s.Load(driver.Plain(4, 100)).Wait())
		for id, starts := range s.Journal().Starts {
			var i int
			if _, err := fmt.Sscanf(id, "stalled-%d", &i); err == nil {
				t.Errorf("%s was started %d times after its client had gone", id, starts)
			}
		}
		s.Settled()
	})
}

// Clients who give up keep coming faster than the workers serve: those who wait
// are served all the same.
func TestScenarioImpatientCrowd(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Workers = 2
		s := driver.Start(t, o)
		var crowd sync.WaitGroup
		over := make(chan struct{})
		for i := range 100 {
			crowd.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-over:
						return
					default:
					}
					c, err := s.Dial()
					if err != nil {
						t.Errorf("dial: %v", err)
						return
					}
					_ = c.Send(&driver.Request{Target: "/sleep?ms=20", Fields: []string{fmt.Sprintf("X-Lab-Id: impatient-%d-%d", i, n)}})
					time.Sleep(50 * time.Millisecond) // its patience
					c.Close()
				}
			})
		}
		for i := range driver.Scaled(200) {
			if a := s.Go(fmt.Sprintf("patient-%d", i), "/sleep?ms=1").Answer(); a.Status != 200 {
				t.Errorf("a patient client got %d %s", a.Status, a.Body)
			}
		}
		close(over)
		crowd.Wait()
		for id, starts := range s.Journal().Starts {
			if starts > 1 {
				t.Errorf("%s was started %d times", id, starts)
			}
		}
		s.Settled()
	})
}
