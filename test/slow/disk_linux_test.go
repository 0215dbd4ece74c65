package slow

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/test/driver"
)

// tinyDisk mounts a file system of a megabyte, in memory.
func tinyDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m,mode=0700")
	if errors.Is(err, unix.EPERM) {
		t.Skip("only root can mount a small disk")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill writes a file until the disk is full, and returns its path.
func fill(t *testing.T, disk string) string {
	t.Helper()
	f, err := os.Create(filepath.Join(disk, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 64 << 10; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, unix.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return f.Name()
}

// refusedUpload sends a body for which there is no room.
func refusedUpload(t *testing.T, s *driver.Server, size int, chunked bool) {
	t.Helper()
	id := fmt.Sprintf("refused-%d-%v", size, chunked)
	q := &driver.Request{Method: "POST", Target: "/echo", Body: driver.Noise(size, 1), Chunked: chunked, Fields: []string{"X-Lab-Id: " + id}}
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sent := make(chan error, 1)
	go func() { sent <- c.Send(q) }()
	a, err := c.Receive("POST")
	if err != nil || a.Status != 507 || !a.Close || a.Header.Get("Proxy-Status") == "" {
		t.Errorf("%s: got %+v, %v, want 507 and the end", id, a, err)
	}
	<-sent // what it could not send does not matter
	if err := s.Journal().Ran(id, 0, 0); err != nil {
		t.Error(err)
	}
}

// A disk that fills up costs those bodies that it has no room for a 507. A reply
// to a slow client waits with its worker instead, and arrives whole.
func TestFullDisk(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Spool = tinyDisk(t)
		fullDisk(t, o, func(t *testing.T, _ *driver.Server) (end func()) {
			filler := fill(t, o.Spool)
			return func() {
				if err := os.Remove(filler); err != nil {
					t.Fatal(err)
				}
			}
		})
	})
}

// The same where it is a limit of the process that ends the writing of a file,
// which comes with a signal (setrlimit(2), RLIMIT_FSIZE).
func TestFileSizeLimit(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Quiet = true // the log is a file too
		fullDisk(t, o, func(t *testing.T, s *driver.Server) (end func()) {
			var before unix.Rlimit
			set := func(new, old *unix.Rlimit) {
				if err := unix.Prlimit(s.PID, unix.RLIMIT_FSIZE, new, old); err != nil {
					t.Fatal(err)
				}
			}
			set(nil, &before)
			set(&unix.Rlimit{Cur: 64 << 10, Max: before.Max}, nil)
			return func() { set(&before, nil) }
		})
	})
}

// fullDisk goes through what a server meets that can write at most a megabyte
// to files, from when fill is called until what it returns is.
func fullDisk(t *testing.T, o driver.Options, fill func(*testing.T, *driver.Server) (end func())) {
	o.Workers = 2
	s := driver.Start(t, o)
	load := s.Load(driver.Load{Clients: 4, MaxBody: 2000, Manners: []driver.Manner{driver.KeepAlive, driver.Upload}})
	end := fill(t, s)
	for _, chunked := range []bool{false, true} {
		refusedUpload(t, s, 100_000, chunked)
		refusedUpload(t, s, 4<<20, chunked)
	}
	s.AwaitSpooled(0)
	slow := beginDownload(s, "slow", "/bytes", 32<<20)
	refusedUpload(t, s, 200_000, false)
	s.Eventually("the load goes on", func() error { return load.AtLeast(100) })
	if err := s.Journal().Ran("slow", 1, 0); err != nil {
		t.Errorf("the worker does not wait: %v", err)
	}
	if err := slow.take(-1); err != nil {
		t.Error(err)
	}
	slow.Close()
	end()
	// There is room again.
	s.Echo(&driver.Request{Method: "POST", Target: "/echo", Body: driver.Noise(500_000, 1)})
	s.Judge(load.Stop())
	s.AwaitSpooled(0)
	s.Settled()
}
