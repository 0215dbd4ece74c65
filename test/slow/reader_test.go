package slow

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// download is a reply of the lab's /bytes or /file that is being read.
type download struct {
	*driver.Conn
	id   string
	size int64
	read int64
	body io.ReadCloser
}

// beginDownload asks for a reply and reads its head.
func beginDownload(s *driver.Server, id, path string, size int64) *download {
	c, err := s.Dial()
	if err != nil {
		s.Fatalf("%v", err)
	}
	d := &download{Conn: c, id: id, size: size}
	// A small window, so that little of the reply is on its way.
	if err := c.Conn.(*net.TCPConn).SetReadBuffer(64 << 10); err != nil {
		s.Fatalf("%v", err)
	}
	if err := c.Send(&driver.Request{Target: fmt.Sprintf("%s?n=%d", path, size), Fields: []string{"X-Lab-Id: " + id}}); err != nil {
		s.Fatalf("%s: %v", id, err)
	}
	a, body, err := c.ReceiveHead("GET")
	if err != nil || a.Status != 200 {
		s.Fatalf("%s: got %+v, %v", id, a, err)
	}
	d.body = body
	return d
}

// take reads n bytes, or all that is left when n is -1, and returns an error
// unless they are the right ones.
func (d *download) take(n int64) error {
	end := d.size
	if n >= 0 {
		end = d.read + n
	}
	b := make([]byte, 64<<10)
	for d.read < end {
		k, err := d.body.Read(b[:min(int64(len(b)), end-d.read)])
		if at := d.read % 251; !bytes.Equal(b[:k], pattern[at:at+int64(k)]) {
			return fmt.Errorf("other bytes than were sent come behind byte %d", d.read)
		}
		d.read += int64(k)
		d.SetDeadline(time.Now().Add(driver.Patience))
		if err != nil && d.read < end {
			return fmt.Errorf("after %d bytes: %w", d.read, err)
		}
	}
	if n < 0 {
		if k, err := d.body.Read(b); k != 0 || err != io.EOF {
			return fmt.Errorf("%d bytes more than there are, and %v", k, err)
		}
	}
	return nil
}

// pattern is what the lab's bytes are, from each of the first 251 on.
var pattern = func() []byte {
	b := make([]byte, 251+64<<10)
	for i := range b {
		b[i] = byte(i % 251)
	}
	return b
}()

// Clients that ask for much and read nothing hold no worker: the single one
// writes each reply to its end, into files, and serves everybody else.
func TestSlowReaders(t *testing.T) {
	const size = 32 << 20 // the kernel takes a few megabytes of each
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Workers = 1
		s := driver.Start(t, o)
		var list []*download
		for i := range 4 {
			id := fmt.Sprintf("slow-%d", i)
			list = append(list, beginDownload(s, id, "/bytes", size))
			s.Eventually("the worker has written it all", func() error { return s.Journal().Ran(id, 1, 1) })
		}
		s.AwaitSpooled(len(list))
		if _, bytes := s.Spooled(); bytes < int64(len(list))*size/2 {
			t.Errorf("%d bytes are in files", bytes)
		}
		load := driver.Mixed(4)
		load.Requests = 100
		s.Judge(s.Load(load).Wait())
		for _, d := range list {
			if err := d.take(-1); err != nil {
				t.Errorf("%s: %v", d.id, err)
			}
		}
		s.AwaitSpooled(0)
		for _, d := range list {
			d.Close()
		}
		s.Settled()
	})
}

// Beyond --max-spool a worker waits for its client. That time does not count
// against it, and delays no other worker's reply.
func TestBackPressure(t *testing.T) {
	const size, spool = 64 << 20, 1 << 20
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Workers = 2
		o.Args = append(o.Args, fmt.Sprint("--max-spool=", spool), "--request-timeout=1s", "--quarantine=off")
		s := driver.Start(t, o)
		held := beginDownload(s, "held", "/bytes", size)
		s.Eventually("the spool is full", func() error {
			if _, bytes := s.Spooled(); bytes < spool {
				return fmt.Errorf("%d bytes", bytes)
			}
			return nil
		})
		s.Judge(s.Load(driver.Plain(2, 100)).Wait())
		if a := s.Go("hung", "/hang").Answer(); a.Status != 504 { // it came later than the worker began to wait
			t.Errorf("a request that hangs got %d", a.Status)
		}
		if err := s.Journal().Ran("held", 1, 0); err != nil {
			t.Error(err)
		}
		if _, bytes := s.Spooled(); bytes > spool+128<<10 { // one record more
			t.Errorf("%d bytes are in the spool, %d are allowed", bytes, spool)
		}
		if err := held.take(-1); err != nil {
			t.Error(err)
		}
		held.Close()
		s.Eventually("the worker is done", func() error { return s.Journal().Ran("held", 1, 1) })
		s.AwaitSpooled(0)
		s.Settled()
	})
}

// A client that takes nothing for the time of --write-timeout is cut off, and
// the worker that waits for it is free; one that takes something now and then
// may take longer than that.
func TestWriteTimeout(t *testing.T) {
	const size, timeout = 32 << 20, time.Second
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Workers = 3
		o.Args = append(o.Args, "--max-spool=64KiB", fmt.Sprint("--write-timeout=", timeout))
		s := driver.Start(t, o)
		slow := beginDownload(s, "slow", "/bytes", size+1)
		last, longest := time.Now(), time.Duration(0) // how far apart it reads
		readOn := func(n int64) {
			err := slow.take(n)
			longest = max(longest, time.Since(last))
			last = time.Now()
			switch {
			case err != nil && longest > timeout/2:
				t.Skipf("this machine is too busy: the slow one did not read for %v", longest)
			case err != nil:
				s.Fatalf("the slow one: %v", err)
			}
		}
		for i := range 2 {
			stalled := beginDownload(s, fmt.Sprintf("stalled-%d", i), "/bytes", size)
			s.Eventually("the client is cut off", func() error {
				readOn(4 << 10)
				if n := len(s.LogLines("the client took nothing for too long")); n <= i {
					return fmt.Errorf("%d were", n)
				}
				return nil
			})
			s.Eventually("the worker is free", func() error {
				readOn(4 << 10)
				return s.Journal().Ran(stalled.id, 1, 1)
			})
			if err := stalled.take(-1); err == nil {
				t.Errorf("%s: it got everything", stalled.id)
			}
			stalled.Close()
		}
		readOn(-1)
		slow.Close()
		s.AwaitSpooled(0)
		s.Settled()
	})
}
