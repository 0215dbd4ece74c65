package exec

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// calm is load that leaves the machine time to itself while something is waited
// for.
var calm = driver.Load{Clients: 4, MaxBody: 1 << 20, Pause: 40 * time.Millisecond,
	Manners: []driver.Manner{driver.KeepAlive, driver.OneShot, driver.Pipelined, driver.Upload}}

// A program that hangs costs its own client a 504; it is found by who holds the
// connection, killed and replaced, and nobody else notices.
func TestExecHangs(t *testing.T) {
	s := startExec(t, "", "--request-timeout=3s")
	load := s.Load(calm)
	for i := range max(1, driver.Scaled(10)) {
		id := fmt.Sprintf("hangs-%d", i)
		p := s.Go(id, "/hang")
		pid := s.AwaitRunning(id)
		others := slices.DeleteFunc(s.WorkerPIDs(), func(other int) bool { return other == pid })
		if a := p.Answer(); a.Status != 504 || a.Header.Get("Proxy-Status") == "" {
			t.Errorf("%s got %d %v, want 504", id, a.Status, a.Header)
		}
		s.AwaitGone(pid)
		for _, other := range others {
			if !driver.Alive(other) {
				t.Errorf("process %d is gone, that did not hang", other)
			}
		}
		if err := s.Journal().Ran(id, 1, 0); err != nil {
			t.Error(err)
		}
	}
	s.Judge(load.Stop())
	s.Settled()
}

// A client that leaves does not hide that the program hangs in its request.
func TestExecHangsAlone(t *testing.T) {
	s := startExec(t, "", "--request-timeout=1s")
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Send(&driver.Request{Target: "/hang", Fields: []string{"X-Lab-Id: left"}}); err != nil {
		t.Fatal(err)
	}
	pid := s.AwaitRunning("left")
	c.Close()
	s.AwaitGone(pid)
	if err := s.Journal().Ran("left", 1, 0); err != nil {
		t.Error(err)
	}
	s.Settled()
}

// Programs that take nothing although they are ready are replaced too. Nobody
// can tell whether they would have run what waited for them.
func TestExecTakesNothing(t *testing.T) {
	s := startExec(t, "", "--request-timeout=2s")
	stopped := s.WorkerPIDs()
	for _, pid := range stopped {
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
	}
	s.AwaitStopped(stopped...)
	if a := s.Go("taken-by-nobody", "/x").Answer(); a.Status != 504 {
		t.Errorf("got %d, want 504", a.Status)
	}
	s.AwaitGone(stopped...)
	s.Judge(s.Load(driver.Plain(4, 100)).Wait())
	s.Settled()
}

// A program that dies in a request, by itself or killed, costs that request a
// 502; it is not run again, and nobody else notices.
func TestExecDies(t *testing.T) {
	s := startExec(t, "")
	load := s.Load(calm)
	for i := range max(2, driver.Scaled(20)) {
		id := fmt.Sprintf("dies-%d", i)
		target := []string{"/exit", "/hang"}[i%2]
		p := s.Go(id, target)
		if pid := s.AwaitRunning(id); target == "/hang" {
			s.Kill9(pid)
		}
		if a := p.Answer(); a.Status != 502 || a.Header.Get("Proxy-Status") == "" {
			t.Errorf("%s got %d %v, want 502", id, a.Status, a.Header)
		}
		if err := s.Journal().Ran(id, 1, 0); err != nil {
			t.Error(err)
		}
	}
	s.Judge(load.Stop())
	s.Settled()
}

// A process that runs two requests at a time is seen, said once, and shown.
func TestExecRunsSeveral(t *testing.T) {
	s := startExec(t, "-several")
	warnings := func() int { return len(s.LogLines("more than one request at a time")) }
	n := 0
	s.Eventually("the server has seen a process with two requests", func() error {
		n++
		var pair []*driver.Pending
		for i := range 4 {
			pair = append(pair, s.Go(fmt.Sprintf("pair-%d-%d", n, i), "/sleep?ms=400"))
		}
		for _, p := range pair {
			if a := p.Answer(); a.Status != 200 {
				t.Errorf("got %d", a.Status)
			}
		}
		if warnings() == 0 {
			return errors.New("no warning")
		}
		return nil
	})
	if got := isolation(t, s); got != "not guaranteed" {
		t.Errorf("isolation %q", got)
	}
	var more []*driver.Pending
	for i := range 8 {
		more = append(more, s.Go(fmt.Sprintf("more-%d", i), "/sleep?ms=100"))
	}
	for _, p := range more {
		p.Answer()
	}
	if n := warnings(); n != 1 {
		t.Errorf("%d warnings", n)
	}
	s.Settled()
}

// A program that runs one request at a time is never taken for one that runs
// several, whatever the load.
func TestExecIsNotSlandered(t *testing.T) {
	s := startExec(t, "")
	load := s.Load(driver.Load{Clients: 16, Manners: []driver.Manner{driver.KeepAlive}})
	s.Eventually("there is load", func() error { return load.AtLeast(driver.Scaled(100_000)) })
	s.Judge(load.Stop())
	if got := isolation(t, s); got != "unknown" {
		t.Errorf("isolation %q", got)
	}
}

// A program that goes into the background is told not to, and nothing of it is
// left.
func TestExecLeaves(t *testing.T) {
	s := driver.Start(t, driver.Options{
		App: t.TempDir(), Workers: 1, Pending: true,
		Args: []string{"--exec=" + driver.Program(t, "test/adopter") + " -leave", driver.Still},
	})
	s.Eventually("it is told", func() error {
		if len(s.LogLines("stay in the foreground")) < 2 {
			return errors.New("it is not")
		}
		return nil
	})
	if status := s.Stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	var left []int
	for _, line := range s.LogLines("left ") {
		if _, after, ok := strings.Cut(line, `"output":"left `); ok {
			pid := 0
			fmt.Sscan(after, &pid)
			left = append(left, pid)
		}
	}
	if len(left) < 2 {
		t.Errorf("it left %v", left)
	}
	s.AwaitGone(left...)
}

// A request that a program died of is kept, and can be sent again to the same
// program.
func TestExecCapsule(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "capsules")
	s := startExec(t, "-silent", "--capsules="+dir)
	if a := s.Go("dies", "/exit").Answer(); a.Status != 502 {
		t.Errorf("got %d", a.Status)
	}
	id, files := s.AwaitCapsule(dir)
	driver.Contains(t, "capsule.json", files["capsule.json"], `"ended": "died"`, `"how": "exit status 3"`, `"exec": "'`)
	driver.Contains(t, "request.http", files["request.http"], "GET /exit HTTP/1.1\r\n")
	out, status := s.Run("replay", id, "--alone")
	if status != 1 {
		t.Errorf("replay: exit status %d", status)
	}
	driver.Contains(t, "replay", out, "kind=exec", "502 Bad Gateway", "exit status 3")
	if n := s.Journal().Starts["dies"]; n != 2 {
		t.Errorf("it ran %d times", n)
	}
	s.Settled()
}
