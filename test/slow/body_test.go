package slow

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// upload is a request whose body is on its way.
type upload struct {
	*driver.Conn
	id   string
	q    *driver.Request
	rest []byte // of its bytes
}

// beginUpload sends a request to /echo but for its last bytes.
func beginUpload(s *driver.Server, id string, size int, chunked bool, rest int) *upload {
	q := &driver.Request{
		Method: "POST", Target: "/echo", Body: driver.Noise(size, 1), Chunked: chunked, Fields: []string{"X-Lab-Id: " + id},
	}
	c, err := s.Dial()
	if err != nil {
		s.Fatalf("%v", err)
	}
	raw := q.Bytes()
	u := &upload{c, id, q, raw[len(raw)-rest:]}
	u.SetDeadline(time.Now().Add(driver.Patience))
	if _, err := c.Write(raw[:len(raw)-rest]); err != nil {
		s.Fatalf("%s: %v", id, err)
	}
	return u
}

// dribble sends one more byte.
func (u *upload) dribble() error {
	_, err := u.Write(u.rest[:1])
	u.rest = u.rest[1:]
	return err
}

// uploads are bodies in memory and in files, with a length and in chunks.
func uploads(s *driver.Server, rest int) (list []*upload, spooled int) {
	for _, size := range []int{1000, 100_000, 1 << 20} {
		for _, chunked := range []bool{false, true} {
			id := fmt.Sprintf("upload-%d-%v", size, chunked)
			list = append(list, beginUpload(s, id, size, chunked, rest))
			if size > 64<<10 {
				spooled++
			}
		}
	}
	return list, spooled
}

// Bodies that come a byte now and then hold no worker: there is a single one,
// and it serves everybody else.
func TestSlowBodies(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Workers = 1
		s := driver.Start(t, o)
		const rest = 50
		list, spooled := uploads(s, rest)
		s.AwaitSpooled(spooled)
		load := s.Load(driver.Load{Clients: 2, MaxBody: 2000, Manners: []driver.Manner{driver.KeepAlive}})
		for i := range rest - 1 {
			for _, u := range list {
				if err := u.dribble(); err != nil {
					t.Fatalf("%s: %v", u.id, err)
				}
			}
			// Others are served between two bytes.
			s.Eventually("the load goes on", func() error { return load.AtLeast(5 * (i + 1)) })
		}
		journal := s.Journal()
		for _, u := range list {
			if err := journal.Ran(u.id, 0, 0); err != nil {
				t.Errorf("before the last byte came: %v", err)
			}
		}
		for _, u := range list {
			if err := u.dribble(); err != nil {
				t.Fatalf("%s: %v", u.id, err)
			}
			a, err := u.Receive("POST")
			if err == nil {
				err = driver.VerifyEcho(a, u.q)
			}
			if err != nil {
				t.Errorf("%s: %v", u.id, err)
			}
			u.Close()
		}
		s.Judge(load.Stop())
		s.AwaitSpooled(0)
		s.Settled()
	})
}

// A body of which nothing comes for the time of --body-timeout is answered 408
// and leaves no file; one of which a byte comes now and then may take longer
// than that.
func TestBodyTimeout(t *testing.T) {
	const timeout = time.Second
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Workers = 1
		o.Args = append(o.Args, fmt.Sprint("--body-timeout=", timeout))
		s := driver.Start(t, o)
		slow := beginUpload(s, "slow", 200_000, false, 100_000)
		var longest time.Duration // between two bytes of it
		goOn := make(chan struct{})
		dribbled := make(chan error, 1)
		go func() {
			for last := time.Now(); ; time.Sleep(10 * time.Millisecond) {
				select {
				case <-goOn:
					dribbled <- nil
					return
				default:
				}
				if err := slow.dribble(); err != nil {
					dribbled <- err
					return
				}
				longest = max(longest, time.Since(last))
				last = time.Now()
			}
		}()
		for range 2 { // one after the other: the slow one takes longer than both
			stalled, _ := uploads(s, 10)
			for _, u := range stalled {
				a, err := u.Receive("POST")
				if err != nil || a.Status != 408 || !a.Close {
					t.Errorf("%s: got %+v, %v, want 408 and the end", u.id, a, err)
				}
				if _, err := io.Copy(io.Discard, u); err != nil {
					t.Errorf("%s: the connection ends with %v", u.id, err)
				}
				u.Close()
			}
			s.AwaitSpooled(1) // that of the slow one
		}
		close(goOn)
		err := <-dribbled
		if err == nil {
			_, err = slow.Write(slow.rest)
		}
		var a *driver.Answer
		if err == nil {
			a, err = slow.Receive("POST")
		}
		if err == nil {
			err = driver.VerifyEcho(a, slow.q)
		}
		switch {
		case longest > timeout/2:
			t.Logf("this machine is too busy: two bytes came %v apart", longest)
		case err != nil:
			t.Errorf("the slow one: %v", err)
		}
		slow.Close()
		for _, id := range []string{"upload-1000-false", "upload-1048576-true"} {
			if err := s.Journal().Ran(id, 0, 0); err != nil {
				t.Error(err)
			}
		}
		s.Settled()
	})
}

// What a killed server leaves of bodies and replies is removed when it starts
// again.
func TestSpoolOfAKilledServer(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		list, spooled := uploads(s, 10)
		s.AwaitSpooled(spooled)
		s.Kill()
		if n, bytes := s.Spooled(); n != spooled || bytes == 0 {
			t.Errorf("a killed server has left %d files with %d bytes, want %d: this test shows nothing", n, bytes, spooled)
		}
		s.StartAgain()
		s.AwaitSpooled(0)
		for _, u := range list {
			u.Close()
		}
		s.Judge(s.Load(driver.Plain(4, 100)).Wait())
		s.Settled()
	})
}
