package slow

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/test/driver"
)

// crowd is clients that have sent half a request each.
type crowd []*driver.Conn

func (c *crowd) join(t *testing.T, s *driver.Server, n int) {
	t.Helper()
	for range n {
		conn, err := s.Dial()
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(driver.Patience))
		_, _ = conn.Write([]byte("GET /ping HTTP/1.1\r\nHost:")) // it may be turned away already
		*c = append(*c, conn)
	}
}

func (c crowd) leave() {
	for _, conn := range c {
		conn.Close()
	}
}

// turnedAway counts those of the crowd that get the answer that there are too
// many. It waits for the last one that must.
func (c crowd) turnedAway(t *testing.T) {
	t.Helper()
	last := c[len(c)-1]
	if a, err := last.Receive("GET"); err != nil || a.Status != 503 || a.Header.Get("Retry-After") == "" {
		t.Errorf("who comes last got %+v, %v, want 503", a, err)
	}
}

// processorTime returns what the server has spent of it.
func processorTime(t *testing.T, s *driver.Server) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.PID))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var user, system int64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond // clock ticks, 100 a second (proc_pid_stat(5))
}

// When the server has no descriptors left, newcomers are told, it neither spins
// nor dies, and serves again as soon as somebody leaves.
func TestDescriptorsRunOut(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Workers = 2
		s := driver.Start(t, o)
		open, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.PID))
		if err != nil {
			t.Fatal(err)
		}
		var before unix.Rlimit
		if err := unix.Prlimit(s.PID, unix.RLIMIT_NOFILE, nil, &before); err != nil {
			t.Fatal(err)
		}
		few := unix.Rlimit{Cur: uint64(len(open)) + 20, Max: before.Max}
		if err := unix.Prlimit(s.PID, unix.RLIMIT_NOFILE, &few, nil); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			var c crowd
			c.join(t, s, 60)
			c.turnedAway(t)
			c.join(t, s, 60)
			spent, began := processorTime(t, s), time.Now()
			for time.Since(began) < 500*time.Millisecond { // a measurement
				time.Sleep(10 * time.Millisecond)
			}
			if took, of := processorTime(t, s)-spent, time.Since(began); took > of/2 {
				t.Errorf("without descriptors it spent %v of %v computing", took, of)
			}
			c.leave()
			s.Eventually("it serves again", func() error {
				a, err := s.Ask("GET", "/ping")
				if err == nil && a.Status != 200 {
					err = fmt.Errorf("status %d", a.Status)
				}
				return err
			})
		}
		load := driver.Mixed(4)
		load.Requests = 200
		s.Judge(s.Load(load).Wait())
		if err := unix.Prlimit(s.PID, unix.RLIMIT_NOFILE, &before, nil); err != nil {
			t.Fatal(err)
		}
		s.Settled()
	})
}

// Of the descriptors that it may have, a server keeps some from clients: while
// all others are taken, requests reach workers, bodies go to files, and a worker
// that died is replaced.
func TestDescriptorsAreKept(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Workers = 2
		o.Through = []string{"sh", "-c", `ulimit -n 200; exec "$@"`, "sh"}
		s := driver.Start(t, o)
		served, err := s.Dial()
		if err != nil {
			t.Fatal(err)
		}
		defer served.Close()
		serve := func() {
			t.Helper()
			q := &driver.Request{Method: "POST", Target: "/echo", Body: driver.Noise(200_000, 1)}
			a, err := served.Do(q)
			if err == nil {
				err = driver.VerifyEcho(a, q)
			}
			if err != nil {
				s.Fatalf("%v", err)
			}
		}
		held := beginUpload(s, "held", 200_000, false, 1000) // it is never idle
		served.Close()
		served = held.Conn
		var c crowd
		c.join(t, s, 300)
		c.turnedAway(t)
		if _, err := held.Write(held.rest); err != nil {
			t.Fatal(err)
		}
		a, err := held.Receive("POST")
		if err == nil {
			err = driver.VerifyEcho(a, held.q)
		}
		if err != nil {
			t.Fatal(err)
		}
		old := s.WorkerPIDs()
		s.Kill9(old...)
		serve()
		s.AwaitGone(old...)
		c.leave()
		s.AwaitHealthy()
		load := driver.Mixed(4)
		load.Requests = 200
		s.Judge(s.Load(load).Wait())
		served.Close()
		s.Settled()
	})
}
