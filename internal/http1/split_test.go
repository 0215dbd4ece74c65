package http1

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// A split is a way in which the bytes of a message may arrive: it returns the
// length of the first piece of what is left.
type split struct {
	name string
	next func(rest []byte) int
}

var splits = []split{
	{"whole", func(rest []byte) int { return len(rest) }},
	{"by line", func(rest []byte) int {
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			return i + 1
		}
		return len(rest)
	}},
	{"by byte", func([]byte) int { return 1 }},
	{"whole, seen before", func(rest []byte) int { return len(rest) }},
}

// head is what both kinds of head have in common.
type head interface {
	Reset()
	Parse([]byte, Limits) (int, error)
}

// parseSplit feeds in to h. Every now and then the bytes are in other memory,
// and the memory of the call before is overwritten, as when a connection moves
// what it has read; that is at every call when in is short.
func parseSplit(h head, in []byte, lim Limits, s split) (n int, err error) {
	h.Reset()
	var buf []byte
	for calls, got := 0, 0; got < len(in) && n == 0 && err == nil; calls++ {
		piece := s.next(in[got:])
		if calls%(1+len(in)/256) == 0 || cap(buf) < got+piece {
			moved := append(make([]byte, 0, got+piece+1024*(calls%2)), in[:got]...)
			for i := range buf {
				buf[i] = '!'
			}
			buf = moved
		}
		buf = append(buf, in[got:got+piece]...)
		got += piece
		n, err = h.Parse(buf, lim)
	}
	return n, err
}

// parseSplits parses in in every split and fails when they do not agree. It
// leaves h as the last one left it.
func parseSplits(t testing.TB, h head, in []byte, lim Limits) (int, error) {
	t.Helper()
	var want string
	var n int
	var err error
	for _, s := range splits {
		n, err = parseSplit(h, in, lim, s)
		got := describe(h, n, err)
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("%q\n%s:\n%s\n%s:\n%s", in, splits[0].name, want, s.name, got)
		}
	}
	return n, err
}

// describe writes down the verdict and everything that a caller can see of h.
func describe(h head, n int, err error) string {
	if n == 0 {
		return fmt.Sprintf("refused: %v", err)
	}
	switch h := h.(type) {
	case *Request:
		return fmt.Sprintf("%d bytes, method %q target %q host %q minor %d length %d chunked %v close %v keep-alive %v expect %v upgrade %v\n%s",
			n, h.Method, h.Target, h.Host, h.Minor, h.ContentLength, h.Chunked, h.Close, h.KeepAlive, h.Expect100, h.Upgrade, describeFields(h.Fields))
	case *Response:
		return fmt.Sprintf("%d bytes, status %d reason %q minor %d length %d chunked %v close %v\n%s",
			n, h.Status, h.Reason, h.Minor, h.ContentLength, h.Chunked, h.Close, describeFields(h.Fields))
	}
	return ""
}

func describeFields(fields []Field) string {
	var b bytes.Buffer
	for _, f := range fields {
		fmt.Fprintf(&b, "%q: %q id %v hop %v underscore %v\n", f.Name, f.Value, f.ID, f.Hop, f.Underscore)
	}
	return b.String()
}

// verdict is a raw message and what becomes of it.
type verdict struct {
	in     string
	status int    // the answer, 0 when it is accepted
	err    *Error // why, nil when it is accepted
}

// check runs the case in every split. An accepted request must also survive
// being written again, and be the same to net/http.
func (v verdict) check(t *testing.T, h head, lim Limits) {
	t.Helper()
	n, err := parseSplits(t, h, []byte(v.in), lim)
	if v.err == nil {
		if err != nil || n == 0 {
			t.Errorf("%q: %d, %v; want it accepted", v.in, n, err)
			return
		}
		checkRewritten(t, h)
		if r, ok := h.(*Request); ok {
			checkDifference(t, r, []byte(v.in), n)
		}
		return
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Errorf("%q: %d, %v; want %d %q", v.in, n, err, v.status, v.err.Reason)
		return
	}
	if e != v.err || e.Status != v.status {
		t.Errorf("%q: %d %q; want %d %q", v.in, e.Status, e.Reason, v.status, v.err.Reason)
	}
}

// checkRequests checks requests made of each case by a pattern with one %s.
func checkRequests(t *testing.T, pattern string, cases []verdict) {
	t.Helper()
	var r Request
	for _, c := range cases {
		c.in = fmt.Sprintf(pattern, c.in)
		c.check(t, &r, Limits{})
	}
}

// checkRewritten writes an accepted head again from its parts, as whoever
// passes it on does, and parses that: it must mean the same.
func checkRewritten(t testing.TB, h head) {
	t.Helper()
	var b []byte
	var again head
	switch h := h.(type) {
	case *Request:
		b = AppendRequestLine(b, h.Method, h.Target)
		if h.Minor == 0 {
			b = fmt.Appendf(b[:0], "%s %s HTTP/1.0\r\n", h.Method, h.Target)
		}
		if h.Host != nil {
			b = AppendField(b, "Host", h.Host)
		}
		b = appendFields(b, h.Fields, FieldHost)
		again = new(Request)
	case *Response:
		b = fmt.Appendf(b, "HTTP/1.%d %d %s\r\n", h.Minor, h.Status, h.Reason)
		b = appendFields(b, h.Fields, FieldOther)
		again = new(Response)
	}
	b = append(b, "\r\n"...)
	n, err := again.Parse(b, Limits{Head: len(b) + 1, Target: len(b), Fields: len(b)})
	if n != len(b) || err != nil {
		t.Fatalf("%q: written again: %d, %v", b, n, err)
	}
	if r, ok := again.(*Request); ok {
		old := *h.(*Request)
		if old.Host != nil { // Host was moved to the front
			fields := []Field{r.Fields[0]}
			for _, f := range old.Fields {
				if f.ID != FieldHost {
					fields = append(fields, f)
				}
			}
			old.Fields = fields
			old.Fields[0].Hop = false
		}
		h = &old
	}
	if got, want := describe(again, 1, nil), describe(h, 1, nil); got != want {
		t.Fatalf("%q: written again means\n%s\nbefore it was\n%s", b, got, want)
	}
}

func appendFields(b []byte, fields []Field, but FieldID) []byte {
	for i := range fields {
		if but == FieldOther || fields[i].ID != but {
			b = AppendField(b, fields[i].Name, fields[i].Value)
		}
	}
	return b
}
