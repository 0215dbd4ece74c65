package test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// rawCase is bytes on a connection and what must become of them.
//
// In the bytes, every "{}" is replaced by an id of its own, so that the lab's
// journal shows which requests were run; the functions that build requests put
// one into each. Behind them the test sends one more request, the canary: it
// is answered when the connection is kept, and must not be run when it ends.
type rawCase struct {
	name string
	send string
	head bool // the method of the first request is HEAD

	// The final statuses in order, with "." at the end when the connection
	// ends with the last of them: "200 200", "200 400.".
	want string

	// What the app received with the first request that reached it: "> GET /"
	// is method and target, "= text" the body, "Name: value" a field with this
	// single value, "- Name" one that is not there.
	app []string
}

// splits are the ways in which the bytes are sent. The verdict must not depend
// on them.
var splits = []struct {
	name, id string
	cut      func(s string) []string
}{
	{"whole", "w", func(s string) []string { return []string{s} }},
	{"by line", "l", func(s string) []string { return strings.SplitAfter(s, "\n") }},
	{"by byte", "b", func(s string) []string {
		pieces := make([]string, len(s))
		for i := range s {
			pieces[i] = s[i : i+1]
		}
		return pieces
	}},
}

// rawCases is all of them.
func rawCases() []rawCase {
	return slices.Concat(rawLines, rawTargets(), rawHosts, rawFields(), rawForwarding, rawLengths, rawCodings, rawChunks(), rawSmuggling)
}

const (
	rawHost   = "Host: lab\r\n"
	rawID     = "X-Lab-Id: {}\r\n"
	rawEvil   = "GET /evil HTTP/1.1\r\n" + rawHost + rawID + "\r\n" // what smugglers want to have run
	rawCanary = "GET /canary HTTP/1.1\r\n" + rawHost + rawID + "Connection: close\r\n\r\n"
)

// rawGet is a request that is right but for, perhaps, the given field lines.
func rawGet(lines string) string { return "GET /echo HTTP/1.1\r\n" + rawHost + rawID + lines + "\r\n" }

// rawPost is one with a body, which the field lines have to frame.
func rawPost(lines, body string) string {
	return "POST /echo HTTP/1.1\r\n" + rawHost + rawID + lines + "\r\n" + body
}

func TestRawBytes(t *testing.T) {
	cases := rawCases()
	t.Logf("%d cases", len(cases))
	names := map[string]bool{}
	for _, c := range cases {
		if names[c.name] {
			t.Errorf("two cases are called %q", c.name)
		}
		names[c.name] = true
	}
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s := driver.Start(t, driver.Options{Socket: socket, Quiet: true, Args: []string{
			"--max-head=2KiB", "--max-target=512", "--max-fields=20", "--max-body=1000",
		}})
		for _, split := range splits {
			t.Run(split.name, func(t *testing.T) {
				s := s.With(t)
				runs := make([]rawRun, len(cases))
				var next sync.Mutex
				var all sync.WaitGroup
				at := 0
				for range 8 {
					all.Go(func() {
						for {
							next.Lock()
							i := at
							at++
							next.Unlock()
							if i >= len(cases) {
								return
							}
							runs[i] = runRaw(s, cases[i], fmt.Sprintf("%s%04d-", split.id, i), split.cut)
						}
					})
				}
				all.Wait()
				journal := s.Journal()
				for i := range runs {
					if err := runs[i].judge(cases[i], journal); err != nil {
						t.Errorf("%s: %v\nsent %q", cases[i].name, err, cases[i].send)
					}
				}
			})
		}
		s.Settled()
	})
}

// rawRun is what came of a case.
type rawRun struct {
	prefix   string // of its ids
	ids      int
	statuses []int
	bodies   []string
	err      error // other than the end of the connection
}

// rawIDLength is the length of an id, see rawRun.id.
const rawIDLength = len("w0123-00")

// id returns the id in the place of the number n of "{}".
func (r *rawRun) id(n int) string { return fmt.Sprintf("%s%02d", r.prefix, n) }

// runRaw sends the bytes of a case and the canary, and reads what comes until
// the server ends the connection.
func runRaw(s *driver.Server, c rawCase, prefix string, cut func(string) []string) (r rawRun) {
	r.prefix = prefix
	pieces := strings.Split(c.send+rawCanary, "{}")
	send := pieces[0]
	for i, piece := range pieces[1:] {
		send += r.id(i) + piece
	}
	r.ids = len(pieces) - 1
	conn, err := s.Dial()
	if err != nil {
		r.err = err
		return r
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(driver.Patience))
	go func() {
		for _, piece := range cut(send) {
			if _, err := io.WriteString(conn, piece); err != nil {
				return // the server has ended the connection, as it should or not
			}
		}
	}()
	in := bufio.NewReader(conn.Conn)
	for {
		if _, err := in.Peek(1); err != nil {
			if err != io.EOF {
				r.err = err
			}
			return r
		}
		method := "GET"
		if c.head && len(r.statuses) == 0 {
			method = "HEAD"
		}
		a, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			r.err = err
			return r
		}
		body, err := io.ReadAll(a.Body)
		if err != nil {
			r.err = err
			return r
		}
		if a.StatusCode >= 200 {
			r.statuses = append(r.statuses, a.StatusCode)
			r.bodies = append(r.bodies, string(body))
		}
	}
}
