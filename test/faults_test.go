package test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// stream shows that parts arrive when they are written, not at the end.
func stream(t *testing.T, s *driver.Server) {
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Send(&driver.Request{Target: "/stream?n=4&ms=400", Fields: []string{"X-Lab-Id: stream"}}); err != nil {
		t.Fatal(err)
	}
	a, body, err := c.ReceiveHead("GET")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	first := make([]byte, 1)
	if _, err := io.ReadFull(body, first); a.Status != 200 || err != nil {
		t.Fatalf("got %d, %v", a.Status, err)
	}
	if s.Journal().Dones["stream"] != 0 {
		t.Error("the first part came when the last was written already")
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		t.Error(err)
	}
	s.Eventually("the request is done", func() error { return s.Journal().Ran("stream", 1, 1) })
}

func panics(t *testing.T, s *driver.Server) {
	before := s.WorkerPIDs()
	for i := range 4 {
		a, err := s.Ask("GET", "/panic")
		if err != nil || a.Status != 500 {
			t.Fatalf("panic %d: got %+v, %v, want 500", i, a, err)
		}
		if a.Header.Get("Proxy-Status") != "" {
			t.Errorf("the server says that it was its error: %v", a.Header)
		}
	}
	if after := s.WorkerPIDs(); !slices.Equal(before, after) {
		t.Errorf("workers were %v, are %v: a panic costs no worker", before, after)
	}
	s.Eventually("the panic is in the log", func() error {
		if len(s.LogLines("panic")) == 0 {
			return errors.New("no line with panic")
		}
		return nil
	})
}

func exits(t *testing.T, s *driver.Server) {
	a, err := s.Do(&driver.Request{Target: "/exit?code=7", Fields: []string{"X-Lab-Id: exit"}})
	if err != nil || a.Status != 502 {
		t.Fatalf("got %+v, %v, want 502", a, err)
	}
	if a.Header.Get("Proxy-Status") == "" {
		t.Errorf("nothing tells that the server gave this status: %v", a.Header)
	}
	if err := s.Journal().Ran("exit", 1, 0); err != nil {
		t.Error(err)
	}
	s.Eventually("the log says how the worker ended", func() error {
		if len(s.LogLines("exit status 7")) == 0 {
			return errors.New("no line with exit status 7")
		}
		return nil
	})
}

func aborts(t *testing.T, s *driver.Server) {
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Send(&driver.Request{Target: "/abort"}); err != nil {
		t.Fatal(err)
	}
	a, body, err := c.ReceiveHead("GET")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if _, err := io.Copy(io.Discard, body); a.Status != 200 || err == nil {
		t.Errorf("got %d with a body that ends well (%v): the client cannot tell that it is cut off", a.Status, err)
	}
}

// printedLines shows that what a worker prints is in the log with the request
// that it ran. A line that is read when the request is over has no request: it
// is printed again then, but no line may ever have another request's id.
func printedLines(t *testing.T, s *driver.Server) {
	attempt := 0
	s.Eventually("a line is in the log with its worker and request", func() error {
		attempt++
		line := fmt.Sprintf("line-%d-is-worth-reading", attempt)
		s.Get("/log?line=" + line)
		var printed, access driver.LogLine
		s.Eventually("the line is in the log, and so is its request", func() error {
			printed = s.LastLine(`"output":"` + line)
			access = s.LastLine(`"path":"/log"`)
			if printed.Worker == 0 || access.Worker == 0 {
				return fmt.Errorf("printed %+v, access log %+v", printed, access)
			}
			return nil
		})
		if printed.ID == "" {
			return errors.New("the line came when the request was over")
		}
		return nil
	})
	requests := map[string]bool{}
	s.Eventually("the lines have the ids of requests that printed", func() error {
		for _, text := range s.LogLines(`"path":"/log"`) {
			requests[driver.ParseLine(text).ID] = true
		}
		for _, text := range s.LogLines("is-worth-reading") {
			if p := driver.ParseLine(text); p.Output != "" && p.ID != "" && !requests[p.ID] {
				return fmt.Errorf("%+v has the id of no request that printed", p)
			}
		}
		return nil
	})
}

// sleep shows that two workers run two requests at a time, and not more.
func sleep(t *testing.T, s *driver.Server) {
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			id := fmt.Sprintf("X-Lab-Id: sleep-%d", i)
			if a, err := s.Do(&driver.Request{Target: "/sleep?ms=100", Fields: []string{id}}); err != nil || a.Status != 200 {
				t.Errorf("got %+v, %v", a, err)
			}
		})
	}
	all.Wait()
	running, most := 0, 0
	for _, e := range s.Journal().Entries {
		if strings.HasPrefix(e.ID, "sleep-") {
			if e.Done {
				running--
			} else {
				running++
			}
			most = max(most, running)
		}
	}
	if most != 2 {
		t.Errorf("%d requests ran at the same time on two workers", most)
	}
}

func mixedLoad(t *testing.T, s *driver.Server) {
	load := driver.Mixed(8)
	load.Requests = driver.Scaled(5000)
	s.Judge(s.Load(load).Wait())
}
