package entry

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
)

// chunked encodes a body in chunks of n bytes.
func chunked(body string, n int) string {
	var b strings.Builder
	for len(body) > 0 {
		k := min(n, len(body))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", k, body[:k])
		body = body[k:]
	}
	return b.String() + "0\r\n\r\n"
}

// A body arrives as it was sent, in the record up to a bound and in a file
// beyond it, which is gone when the request is over.
func TestBodies(t *testing.T) {
	calls := make(chan *call, 1)
	s := start(t, Config{}, func(c *call) {
		calls <- c
		pong(c)
	})
	c := s.dial()
	for _, n := range []int{1, 2, firstRoom, readBuffer, wire.MaxInlineBody - 1, wire.MaxInlineBody, wire.MaxInlineBody + 1,
		2 * wire.MaxInlineBody, 2*wire.MaxInlineBody + 1, 1 << 20} {
		body := big[3:][:n]
		for _, raw := range []string{
			fmt.Sprintf("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n%s", n, body),
			"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(body, n),
			"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(body, 1000),
		} {
			c.send(raw).want(200, "pong")
			got := <-calls
			if got.body != body || fmt.Sprint(got.field("Content-Length")) != fmt.Sprintf("[%d]", n) {
				t.Errorf("%d bytes: the app received %d of them, Content-Length %v", n, len(got.body), got.field("Content-Length"))
			}
			if (got.file != "") != (n > wire.MaxInlineBody) {
				t.Errorf("%d bytes: file %q", n, got.file)
			}
			if len(got.field("Transfer-Encoding")) > 0 || got.record > wire.MaxRecord {
				t.Errorf("%d bytes: head %q, record of %d bytes", n, got.head, got.record)
			}
		}
	}
}

func TestMaxBody(t *testing.T) {
	s := start(t, Config{MaxBody: 100}, echo)
	for raw, status := range map[string]int{
		"Content-Length: 100\r\n\r\n" + big[:100]:                    200,
		"Content-Length: 101\r\n\r\n" + big[:101]:                    413,
		"Content-Length: 9223372036854775807\r\n\r\n":                413,
		"Transfer-Encoding: chunked\r\n\r\n" + chunked(big[:100], 7): 200,
		"Transfer-Encoding: chunked\r\n\r\n" + chunked(big[:101], 7): 413,
		"Content-Length: 101\r\nExpect: 100-continue\r\n\r\n":        413, // without 100 first
	} {
		c := s.dial().send("POST / HTTP/1.1\r\nHost: test\r\n" + raw)
		if a := c.want(status, ""); a.Close != (status == 413) {
			t.Errorf("%q: close %v", raw, a.Close)
		}
	}
}

func TestExpectContinue(t *testing.T) {
	s := start(t, Config{}, echo)
	c := s.dial()
	for _, framing := range []string{"Content-Length: 4", "Transfer-Encoding: chunked"} {
		c.send("POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"+framing+"\r\n\r\n").want(100, "")
		if framing[0] == 'C' {
			c.send("body")
		} else {
			c.send("4\r\nbody\r\n0\r\n\r\n")
		}
		if a := c.want(200, "\r\n\r\nbody"); strings.Contains(a.body, "Expect") {
			t.Errorf("the app received %q", a.body)
		}
	}
	// Who sends the body with the head does not wait for it.
	c.send("POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody").want(200, "body")
	c.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody").want(200, "body")
}

// A promise takes no file, and what has arrived none that stays.
func TestClientsThatVanishInABody(t *testing.T) {
	s := start(t, Config{}, pong)
	for _, head := range []string{"Content-Length: 90000000", "Transfer-Encoding: chunked"} {
		promise := s.dial().send("POST / HTTP/1.1\r\nHost: test\r\n" + head + "\r\n\r\n5f5e100\r\n")
		half := s.dial().send("POST /half HTTP/1.1\r\nHost: test\r\n" + head + "\r\n\r\n5f5e100\r\n" + big[:1<<20])
		eventually(t, "half a body waits in a file", func() error {
			if n := s.Counts(); n.Spools != 1 || n.Spooled < 1<<20-wire.MaxInlineBody {
				return fmt.Errorf("%+v", n)
			}
			return nil
		})
		half.Close()
		eventually(t, "the file is gone", func() error {
			if n := s.Counts(); n.Spools != 0 || n.Spooled != 0 {
				return fmt.Errorf("%+v", n)
			}
			return nil
		})
		s.wantLogged(`"path":"/half"`, `"status":499`, "the client went away in the middle of the body")
		promise.Close()
		s.wantLogged(`"path":"/"`, `"status":499`)
	}
}

// fullDisk makes files that take nothing.
func fullDisk(dir, _ string) (*os.File, error) {
	name := filepath.Join(dir, "spool-full")
	if err := os.Symlink("/dev/full", name); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return os.OpenFile(name, os.O_RDWR, 0)
}

func TestDiskFull(t *testing.T) {
	s := start(t, Config{}, echo, func(s *server) { s.spool.create = fullDisk })
	for _, framing := range []string{"Content-Length: 200000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n30d40\r\n"} {
		c := s.dial().send("POST / HTTP/1.1\r\nHost: test\r\n" + framing + big[:200_000])
		if a := c.want(507, "There is no room for the body of the request."); a.Header.Get("Proxy-Status") == "" || !a.Close {
			t.Errorf("fields: %v", a.Header)
		}
		c.closed()
		s.wantLogged(`"status":507`, "no space left on device")
	}
	s.dial().send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody").want(200, "body")
}

func TestNoFiles(t *testing.T) {
	s := start(t, Config{}, pong, func(s *server) {
		s.spool.create = func(string, string) (*os.File, error) { return nil, os.ErrPermission }
	})
	c := s.dial().send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 200000\r\n\r\n" + big[:200_000])
	c.want(503, "The body of the request cannot be stored.")
	c.closed()
}

// Bodies that arrive slowly, each too small for a file, take no more memory in
// all than there is for that.
func TestManySlowBodies(t *testing.T) {
	s := start(t, Config{}, func(c *call) {
		if c.body != big[:60_000] {
			t.Errorf("the app received %d other bytes", len(c.body))
		}
		pong(c)
	})
	s.memory.Add(totalMemory - 200_000) // of others
	defer s.memory.Add(200_000 - totalMemory)
	var clients []*client
	for range 20 {
		clients = append(clients, s.dial().send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 60000\r\n\r\n"+big[:50_000]))
	}
	eventually(t, "some went to files", func() error {
		n := s.Counts()
		if s.memory.Load() > totalMemory || n.Spools < 12 {
			return fmt.Errorf("%d bytes in memory, %+v", s.memory.Load(), n)
		}
		return nil
	})
	for _, c := range clients {
		c.send(big[50_000:60_000]).want(200, "pong")
	}
}

// When the time for a stop is over, who is still sending is told.
func TestBodyAtTheEndOfAStop(t *testing.T) {
	s := start(t, Config{}, pong)
	var all sync.WaitGroup
	for _, raw := range []string{
		"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 90000000\r\n\r\n" + big[:1<<20],
		"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
		"GET / HTTP/1.1\r\nHost: te",
	} {
		c := s.dial().send(raw)
		all.Go(func() {
			c.want(503, "The server is stopping.")
			_, _ = io.Copy(io.Discard, c)
		})
	}
	eventually(t, "all have arrived", func() error {
		if n := s.Counts(); n.Connections != 3 || n.Idle != 0 || n.Spools != 1 {
			return fmt.Errorf("%+v", n)
		}
		return nil
	})
	if err := s.Stop(ended()); err == nil {
		t.Error("the stop was not in time, and said nothing")
	}
	all.Wait()
}

// The body of a withdrawn request stays until the worker is done with it.
func TestBodyOutlivesItsClient(t *testing.T) {
	read := make(chan struct{})
	s := start(t, Config{}, func(c *call) {
		<-c.withdrawn
		<-read
		if b, err := os.ReadFile(c.file); err != nil || len(b) != 200_000 {
			t.Errorf("%d bytes, %v", len(b), err)
		}
		c.end(sharedsocket.ErrWithdrawn)
	})
	c := s.dial().send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 200000\r\n\r\n" + big[:200_000])
	eventually(t, "the request waits", func() error {
		if s.Counts().Waiting != 1 {
			return errors.New("not yet")
		}
		return nil
	})
	c.Close()
	s.wantLogged(`"status":499`, `"bytesIn":200000`)
	close(read)
	eventually(t, "the file is gone", func() error {
		if n := s.Counts(); n.Spools != 0 {
			return fmt.Errorf("%+v", n)
		}
		return nil
	})
}
