package lifecycle

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// startWithCapsules starts a server that keeps capsules in a folder of its own.
func startWithCapsules(t *testing.T, socket string, args ...string) (s *driver.Server, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "capsules")
	return driver.Start(t, driver.Options{Socket: socket, Args: append(args, "--capsules="+dir)}), dir
}

// A request that kills its worker is kept whole, whether its body travelled in
// the record or in a file, and can be sent again.
func TestCapsuleOfADeath(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		for name, size := range map[string]int{"small": 1000, "large": 1 << 20} {
			t.Run(name, func(t *testing.T) {
				s, dir := startWithCapsules(t, socket)
				s.Get("/log?line=the+last+words")
				body := driver.Noise(size, 1)
				a, err := s.Do(&driver.Request{Method: "POST", Target: "/exit?code=3", Body: body, Fields: []string{"X-Lab-Id: it", "X-Odd: odd"}})
				if err != nil || a.Status != 502 {
					s.Fatalf("%+v, %v", a, err)
				}
				id, files := s.AwaitCapsule(dir)
				driver.Contains(t, "capsule.json", files["capsule.json"], `"id": "`+id+`"`, `"method": "POST"`, `"target": "/exit?code=3"`, `"ended": "died"`,
					`"how": "exit status 3"`, `"exitStatus": 3`, `"request": "`+a.Header.Get("X-Request-Id")+`"`, fmt.Sprintf(`"bodyBytesKept": %d`, size))
				request := files["request.http"]
				driver.Contains(t, "request.http", request[:len(request)-size], "POST /exit?code=3 HTTP/1.1\r\nHost: lab.test\r\n", "X-Odd: odd\r\n")
				if !bytes.Equal([]byte(request[len(request)-size:]), body) {
					t.Error("the body is another one")
				}
				if _, ok := files["stacks.txt"]; ok {
					t.Error("there are stacks, of a worker that was asked for none")
				}
				out, status := s.Run("capsules")
				driver.Contains(t, "rip-server capsules", out, id, "POST /exit?code=3", "died: exit status 3", dir)
				if status != 0 {
					t.Errorf("exit status %d", status)
				}
				out, status = s.Run("replay", id[9:])
				driver.Contains(t, "rip-server replay", out, "HTTP/1.1 502 Bad Gateway\n", "Proxy-Status: ", "was answered 502")
				if err := s.Journal().Ran("it", 2, 0); err != nil || status != 1 {
					t.Errorf("%v; exit status %d", err, status)
				}
				s.Settled()
			})
		}
	})
}

// So is one that its worker hung in, with the stacks of the worker.
func TestCapsuleOfAHang(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s, dir := startWithCapsules(t, socket, "--request-timeout=500ms")
		if a, err := s.Ask("GET", "/hang"); err != nil || a.Status != 504 {
			s.Fatalf("%+v, %v", a, err)
		}
		id, files := s.AwaitCapsule(dir)
		driver.Contains(t, "capsule.json", files["capsule.json"], `"ended": "hung"`, `"how": "hung"`)
		driver.Contains(t, "stacks.txt", files["stacks.txt"], "goroutine ", "main.hang")
		out, status := s.Run("replay", "--alone", id)
		driver.Contains(t, "rip-server replay --alone", out, "HTTP/1.1 504 Gateway Timeout\n", "| main.hang", "was answered 504")
		if status != 1 {
			t.Errorf("exit status %d", status)
		}
		s.Settled()
		if out, _ := s.Run("list"); strings.Count(out, "\n") != 1 {
			t.Errorf("after the replay these run: %s", out)
		}
	})
}

// A death in the middle of the answer is one too.
func TestCapsuleOfADeathInTheAnswer(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s, dir := startWithCapsules(t, socket)
		if a, err := s.Ask("GET", "/abort"); err == nil {
			t.Errorf("a whole answer: %+v", a)
		}
		_, files := s.AwaitCapsule(dir)
		driver.Contains(t, "capsule.json", files["capsule.json"], `"target": "/abort"`, `"signal": "SIGKILL"`)
		s.Settled()
	})
}

// A killed server's capsules can still be looked at, and sent to the app alone.
func TestCapsuleOutlivesTheServer(t *testing.T) {
	s := driver.Start(t, driver.Options{Args: []string{"--name=outlived"}})
	if a, err := s.Ask("GET", "/exit?code=4"); err != nil || a.Status != 502 {
		s.Fatalf("%+v, %v", a, err)
	}
	var id string
	s.Eventually("it is kept", func() error {
		out, _ := s.Run("capsules")
		found := regexp.MustCompile(`(?m)^(\S+) .* GET /exit\?code=4 `).FindStringSubmatch(out)
		if found == nil {
			return fmt.Errorf("%s", out)
		}
		id = found[1]
		return nil
	})
	s.Kill()
	out, status := s.Run("replay", id, "outlived")
	driver.Contains(t, "replay", out, `no server named "outlived" is running`, "start it, or add --alone")
	if status != 1 {
		t.Errorf("exit status %d", status)
	}
	out, status = s.Run("replay", id, "outlived", "--alone")
	driver.Contains(t, "replay --alone", out, "HTTP/1.1 502 Bad Gateway\n", "exit status 4")
	if status != 1 {
		t.Errorf("exit status %d", status)
	}
}

// poison is a request that kills its worker, the same one each time.
var poison = &driver.Request{Target: "/exit?code=3", Fields: []string{"X-Lab-Id: poison"}}

// The third time a deadly request is not run.
func TestQuarantine(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s, _ := startWithCapsules(t, socket)
		send := func(want int) *driver.Answer {
			t.Helper()
			a, err := s.Do(poison)
			if err != nil || a.Status != want {
				s.Fatalf("%+v, %v; want %d", a, err, want)
			}
			return a
		}
		send(502)
		send(502)
		a := send(503)
		driver.Contains(t, "Proxy-Status", a.Header.Get("Proxy-Status"), "error=http_request_denied", "has killed two workers")
		if after := a.Header.Get("Retry-After"); after != "30" && after != "29" {
			t.Errorf("Retry-After: %s", after)
		}
		if err := s.Journal().Ran("poison", 2, 0); err != nil {
			t.Error(err)
		}
		s.Get("/exit-no-code") // another request is none of its business
		if out, status := s.Run("restart"); status != 0 {
			s.Fatalf("restart: %s", out)
		}
		send(502) // the new code is not to be blamed for the old
		s.Settled()
	})
}

func TestQuarantineOff(t *testing.T) {
	s, _ := startWithCapsules(t, "", "--quarantine=off")
	for range 3 {
		if a, err := s.Do(poison); err != nil || a.Status != 502 {
			s.Fatalf("%+v, %v", a, err)
		}
	}
	s.Settled()
}

// A crowd that sends the same deadly request all at once costs few workers,
// and others are served.
func TestQuarantineOfACrowd(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		const crowd, workers = 200, 4
		s, _ := startWithCapsules(t, socket)
		load := s.Load(driver.Mixed(8))
		var mu sync.Mutex
		count := map[int]int{}
		var all sync.WaitGroup
		for range crowd {
			all.Go(func() {
				a, err := s.Do(poison)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
					return
				}
				count[a.Status]++
			})
		}
		all.Wait()
		// Those that other workers hold when the second one dies are lost too.
		if died := count[502]; died < 2 || died > 2*workers || count[503] != crowd-died {
			t.Errorf("answers by status: %v", count)
		}
		s.Judge(load.Stop())
		s.Settled()
	})
}
