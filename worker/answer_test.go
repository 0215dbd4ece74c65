//go:build linux

package worker

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/internal/wire"
)

// answer is a whole reply.
type answer struct {
	interim []http.Header // of 1xx
	status  int
	header  http.Header
	length  int64 // Content-Length, -1 = none
	body    []byte
	broken  bool // it is not complete
	spent   bool
	stats   []uint64 // took, finished, CPU; nil when not told
	parts   int      // records
}

// answer reads the reply of a worker to its end.
func (c *call) answer(h *hand) *answer {
	c.s.t.Helper()
	if c.s.stream {
		return c.readConnection()
	}
	a := &answer{}
	for {
		r := h.next()
		if r.Type != wire.TypeReply || r.ID != c.id || r.Slot != c.slot {
			c.s.t.Fatalf("got a record of type %d for id %d, want a reply to %d", r.Type, r.ID, c.id)
		}
		a.parts++
		if r.Head != nil {
			rsp := c.parse(bufio.NewReader(bytes.NewReader(r.Head)), "HEAD")
			a.take(rsp)
			if rsp.Header.Get(wire.HeaderStats) != "" || rsp.TransferEncoding != nil {
				c.s.t.Errorf("fields of the stream type in %q", r.Head)
			}
		}
		a.body = append(a.body, r.Body...)
		if r.Flags&wire.FlagFinal != 0 {
			a.broken = r.Flags&wire.FlagBroken != 0
			a.spent = r.Flags&wire.FlagSpent != 0
			a.stats = []uint64{r.Took, r.Finished, r.CPU}
			return a
		}
	}
}

func (c *call) readConnection() *answer {
	a := &answer{}
	from := bufio.NewReader(c.conn)
	method := "GET"
	if c.head {
		method = "HEAD"
	}
	for {
		rsp := c.parse(from, method)
		a.take(rsp)
		if rsp.StatusCode < 200 {
			continue
		}
		var err error
		a.body, err = io.ReadAll(rsp.Body)
		a.broken = errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !a.broken {
			c.s.t.Fatal(err)
		}
		stats := a.header.Get(wire.HeaderStats) + rsp.Trailer.Get(wire.HeaderStats)
		for i, word := range strings.Fields(stats) {
			if i > 0 {
				a.stats = append(a.stats, must(strconv.ParseUint(word, 10, 64)))
			}
		}
		if rest, err := from.ReadByte(); err == nil {
			c.s.t.Errorf("%q after the reply", rest)
		}
		a.header.Del(wire.HeaderStats)
		return a
	}
}

func (c *call) parse(from *bufio.Reader, method string) *http.Response {
	c.s.t.Helper()
	rsp, err := http.ReadResponse(from, &http.Request{Method: method})
	if err != nil {
		c.s.t.Fatalf("no response head: %v", err)
	}
	return rsp
}

func (a *answer) take(rsp *http.Response) {
	if rsp.StatusCode < 200 {
		a.interim = append(a.interim, rsp.Header)
		return
	}
	a.status, a.header, a.length = rsp.StatusCode, rsp.Header, -1
	if v := rsp.Header.Get("Content-Length"); v != "" {
		a.length = must(strconv.ParseInt(v, 10, 64))
	}
}

// want checks status and body of a complete reply.
func (a *answer) want(t *testing.T, status int, body string) {
	t.Helper()
	if a.status != status || string(a.body) != body || a.broken {
		t.Errorf("got status %d, %d bytes %.100q, broken %v; want status %d, %.100q", a.status, len(a.body), a.body, a.broken, status, body)
	}
}

// get is submit and answer for a worker that has nothing else to do.
func (h *hand) get(target string) *answer {
	h.s.t.Helper()
	return h.s.submit("GET", target).answer(h)
}

// firstPart waits for the first part of a reply, which must end in text.
func (c *call) firstPart(h *hand, text string) {
	c.s.t.Helper()
	if !c.s.stream {
		r := h.next()
		if r.Flags&wire.FlagFinal != 0 || string(r.Body) != text {
			c.s.t.Fatalf("the first part is %q with flags %d, want %q", r.Body, r.Flags, text)
		}
		return
	}
	var got []byte
	b := make([]byte, 1)
	for !bytes.Contains(got, []byte(text)) {
		if _, err := c.conn.Read(b); err != nil {
			c.s.t.Fatalf("%v after %q, want %q", err, got, text)
		}
		got = append(got, b...)
	}
}
