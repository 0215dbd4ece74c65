package scenario

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// A worker that dies in the middle of a body: however the end of the body is
// told, the client can see that it was cut off, and what it had sent behind that
// request does not run.
func TestScenarioTruncation(t *testing.T) {
	const chunked, counted = "/stream?n=100000&ms=50", "/bytes?n=100000000"
	requests := map[string]string{
		"chunked":          "GET " + chunked + " HTTP/1.1\r\nHost: lab\r\n",
		"counted":          "GET " + counted + " HTTP/1.1\r\nHost: lab\r\n",
		"until the end":    "GET " + chunked + " HTTP/1.0\r\nConnection: keep-alive\r\n",
		"counted, closing": "GET " + counted + " HTTP/1.0\r\n",
	}
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Args = append(o.Args, "--max-spool=1MiB") // so that a worker waits for a client that reads nothing
		s := driver.Start(t, o)
		load := s.Load(driver.Mixed(6))
		n := 0
		for name, request := range requests {
			c, err := s.Dial()
			if err != nil {
				t.Fatal(err)
			}
			n++
			id := fmt.Sprintf("cut-%d", n)
			behind := "GET /ping HTTP/1.1\r\nHost: lab\r\nX-Lab-Id: behind-" + id + "\r\n\r\n"
			if _, err := io.WriteString(c, request+"X-Lab-Id: "+id+"\r\n\r\n"+behind); err != nil {
				t.Fatal(err)
			}
			a, body, err := c.ReceiveHead("GET")
			if err != nil || a.Status != 200 {
				t.Fatalf("%s: got %+v, %v", name, a, err)
			}
			s.Kill9(s.AwaitRunning(id))
			if n, err := io.Copy(io.Discard, body); err == nil {
				t.Errorf("%s: a body of %d bytes seems complete", name, n)
			}
			c.Close()
			j := s.Journal()
			if err := errors.Join(j.Ran(id, 1, 0), j.Ran("behind-"+id, 0, 0)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		s.Judge(load.Stop())
		s.Settled()
	})
}
