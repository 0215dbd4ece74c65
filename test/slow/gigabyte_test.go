package slow

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// labFiles gives the lab a folder of its own for the files that it makes, and
// returns the one that they are in.
func labFiles(t *testing.T, o *driver.Options) string {
	t.Helper()
	tmp := t.TempDir()
	folder := filepath.Join(tmp, "rip-lab")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	o.Env = append(o.Env, "TMPDIR="+tmp)
	return folder
}

// send sends a body of n bytes to /echo and returns an error unless the app
// has received it.
func send(s *driver.Server, n int64, chunked bool) error {
	c, err := s.Dial()
	if err != nil {
		return err
	}
	defer c.Close()
	framing := fmt.Sprintf("Content-Length: %d", n)
	if chunked {
		framing = "Transfer-Encoding: chunked"
	}
	if _, err := fmt.Fprintf(c, "POST /echo HTTP/1.1\r\nHost: lab\r\n%s\r\n\r\n", framing); err != nil {
		return err
	}
	sum := sha256.New()
	piece := driver.Noise(1<<20, 7)
	for left := n; left > 0; left -= int64(len(piece)) {
		piece = piece[:min(left, int64(len(piece)))]
		sum.Write(piece)
		c.SetDeadline(time.Now().Add(driver.Patience))
		if chunked {
			_, err = fmt.Fprintf(c, "%x\r\n%s\r\n", len(piece), piece)
		} else {
			_, err = c.Write(piece)
		}
		if err != nil {
			return err
		}
	}
	if chunked {
		if _, err := io.WriteString(c, "0\r\n\r\n"); err != nil {
			return err
		}
	}
	a, err := c.Receive("POST")
	if err != nil {
		return err
	}
	var e driver.Echo
	if err := json.Unmarshal(a.Body, &e); err != nil || a.Status != 200 {
		return fmt.Errorf("got %d %q", a.Status, a.Body)
	}
	if want := hex.EncodeToString(sum.Sum(nil)); int64(e.Size) != n || e.SHA256 != want {
		return fmt.Errorf("the app received %d bytes with hash %s, sent were %d with %s", e.Size, e.SHA256, n, want)
	}
	return nil
}

// A gigabyte goes up, down through a worker, down through a file because the
// client reads nothing for long, and down as a file of the app's, and the server
// takes no more memory for it than for anything else.
func TestGigabyte(t *testing.T) {
	size, most := int64(64<<20), int64(32<<20)
	if driver.Long() {
		size, most = 1<<30, 64<<20
	}
	transfers := []struct {
		name string
		run  func(s *driver.Server) error
	}{
		{"up", func(s *driver.Server) error { return send(s, size, false) }},
		{"up in chunks", func(s *driver.Server) error { return send(s, size, true) }},
		{"down", func(s *driver.Server) error {
			d := beginDownload(s, "down", "/bytes", size)
			defer d.Close()
			return d.take(-1)
		}},
		{"down, late", func(s *driver.Server) error {
			d := beginDownload(s, "late", "/bytes", size)
			defer d.Close()
			s.Eventually("the worker has written it all", func() error { return s.Journal().Ran("late", 1, 1) })
			return d.take(-1)
		}},
		{"file", func(s *driver.Server) error {
			d := beginDownload(s, "file", "/file", size)
			defer d.Close()
			s.Eventually("the worker is done", func() error { return s.Journal().Ran("file", 1, 1) })
			return d.take(-1)
		}},
	}
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Workers = 2
		o.Args = append(o.Args, "--max-body=1GiB", "--sendfile-roots="+labFiles(t, &o))
		s := driver.Start(t, o)
		load := driver.Mixed(2)
		load.Requests = 100
		s.Judge(s.Load(load).Wait()) // what a server needs anyway
		for _, transfer := range transfers {
			growth, began := s.Growth(), time.Now()
			if err := transfer.run(s); err != nil {
				t.Errorf("%s: %v", transfer.name, err)
			}
			grown := growth()
			t.Logf("%s: %d MiB in %v, memory grew by %d KiB", transfer.name, size>>20, time.Since(began), grown>>10)
			if grown > most && !driver.RaceDetector() {
				t.Errorf("%s: memory grew by %d bytes, %d are allowed", transfer.name, grown, most)
			}
			s.AwaitSpooled(0)
		}
		s.Settled()
	})
}
