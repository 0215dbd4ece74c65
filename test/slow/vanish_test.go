package slow

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// vanish closes the connection, with a reset or as if all were well.
func vanish(c *driver.Conn, reset bool) {
	if reset {
		_ = c.Conn.(*net.TCPConn).SetLinger(0) // cannot fail on a socket that is open
	}
	c.Close()
}

// Clients go away in the middle of a body, of a reply for which the worker
// waits, and of a file: no timeout is needed for the worker to be free, and
// nothing is left of them.
func TestVanishingClients(t *testing.T) {
	const much, spool = 1 << 40, 1 << 20
	vanishing := map[string]func(s *driver.Server, id string) *driver.Conn{
		"upload": func(s *driver.Server, id string) *driver.Conn {
			u := beginUpload(s, id, 1<<20, false, 1000)
			s.AwaitSpooled(1)
			return u.Conn
		},
		"chunked upload": func(s *driver.Server, id string) *driver.Conn {
			u := beginUpload(s, id, 1<<20, true, 1000)
			s.AwaitSpooled(1)
			return u.Conn
		},
		"download": func(s *driver.Server, id string) *driver.Conn {
			d := beginDownload(s, id, "/bytes", much)
			s.Eventually("the worker waits", func() error {
				if _, bytes := s.Spooled(); bytes < spool {
					return fmt.Errorf("%d bytes in the spool", bytes)
				}
				return nil
			})
			return d.Conn
		},
		"file": func(s *driver.Server, id string) *driver.Conn {
			d := beginDownload(s, id, "/file", 32<<20)
			s.Eventually("the worker is done", func() error { return s.Journal().Ran(id, 1, 1) })
			return d.Conn
		},
	}
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Workers = 2
		o.Args = append(o.Args, fmt.Sprint("--max-spool=", spool), "--sendfile-roots="+labFiles(t, &o),
			"--request-timeout=0", "--body-timeout=1h", "--write-timeout=1h")
		s := driver.Start(t, o)
		// One worker is busy all the time: who asks needs the other one.
		asleep := s.Go("asleep", "/sleep?ms=25000")
		sleeper := s.AwaitRunning("asleep")
		for name, begin := range vanishing {
			for _, reset := range []bool{false, true} {
				c := begin(s, fmt.Sprintf("%s-%v", name[:4], reset))
				vanish(c, reset)
				began := time.Now()
				s.Get("/ping")
				t.Logf("%s, reset %v: the worker was free after %v", name, reset, time.Since(began))
				s.AwaitSpooled(0)
			}
		}
		if asleep.Done() {
			t.Error("it took longer than a request that sleeps for 25 s")
		}
		s.Kill9(sleeper)
		s.Settled()
	})
}
