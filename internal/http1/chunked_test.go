package http1

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// chunkedCase is a raw chunked body and what becomes of it.
type chunkedCase struct {
	in     string
	data   string // what was decoded, before the refusal if there is one
	rest   int    // bytes after the end that were not taken
	status int
	err    *Error
}

// decodeSplit decodes in, piece by piece, into a dst of room bytes at a time.
func decodeSplit(c *Chunked, in []byte, s split, room int) (data []byte, rest int, done bool, err error) {
	c.Reset()
	dst := make([]byte, room)
	for got := 0; got < len(in); {
		piece := s.next(in[got:])
		for src := in[got : got+piece]; ; {
			var ndst, nsrc int
			ndst, nsrc, done, err = c.Decode(dst, src)
			data = append(data, dst[:ndst]...)
			got += nsrc
			src = src[nsrc:]
			if done || err != nil {
				return data, len(in) - got, done, err
			}
			if ndst < room {
				break
			}
		}
	}
	return data, 0, false, nil
}

// decodeSplits decodes in in every split and fails when they do not agree.
func decodeSplits(t testing.TB, c *Chunked, in []byte) (data []byte, rest int, done bool, err error) {
	t.Helper()
	var want string
	for _, s := range splits {
		for _, room := range []int{len(in) + 1, 1, 3} {
			data, rest, done, err = decodeSplit(c, in, s, room)
			got := fmt.Sprintf("%q done %v err %v trailers\n%s", data, done, err, describeFields(c.Trailers()))
			if err == nil {
				got = fmt.Sprintf("%d bytes left, %s", rest, got)
			}
			if want == "" {
				want = got
			}
			if got != want {
				t.Fatalf("%q\nwhole: %s\n%s, %d at a time: %s", in, want, s.name, room, got)
			}
		}
	}
	return data, rest, done, err
}

// chunkedTables are all tables of raw chunked bodies. The trailing "0\r\n\r\n"
// of a pattern is not reached by a case that is refused.
var chunkedTables = []struct {
	name, pattern string
	cases         []chunkedCase
}{
	{"chunk", "%s", chunkCases},
	{"size", "%s\r\nhello\r\n0\r\n\r\n", sizeCases},
	{"extension", "5%s\r\nhello\r\n0\r\n\r\n", extensionCases},
	{"trailer", "0\r\n%s\r\n", trailerCases},
}

// chunkCases are whole bodies.
var chunkCases = []chunkedCase{
	{"0\r\n\r\n", "", 0, 0, nil},
	{"0\r\n\r\nGET / HTTP/1.1\r\n", "", 16, 0, nil},
	{"1\r\na\r\n0\r\n\r\n", "a", 0, 0, nil},
	{"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\nmore", "hello world", 4, 0, nil},
	{"2\r\n\r\n\r\n0\r\n\r\n", "\r\n", 0, 0, nil},
	{"5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n", 0, 0, nil},
	{"3\r\n\x00\xff\n\r\n0\r\n\r\n", "\x00\xff\n", 0, 0, nil},
	{"000\r\n\r\n", "", 0, 0, nil},
	{"00;a\r\n\r\n", "", 0, 0, nil},
	{"1\r\na\r\n00000\r\n\r\n", "a", 0, 0, nil},
	{strings.Repeat("1\r\na\r\n", 3000) + "0\r\n\r\n", strings.Repeat("a", 3000), 0, 0, nil},
	{"3e8\r\n" + strings.Repeat("a", 1000) + "\r\n0\r\n\r\n", strings.Repeat("a", 1000), 0, 0, nil},
	{"1\r\nab\r\n0\r\n\r\n", "a", 0, 400, errChunkEnd},
	{"1\r\na0\r\n\r\n", "a", 0, 400, errChunkEnd},
	{"2\r\na\r\n0\r\n\r\n", "a\r", 0, 400, errChunkEnd},
	{"1\r\na\n0\r\n\r\n", "a", 0, 400, errChunkEnd},
	{"1\r\na\r0\r\n\r\n", "a", 0, 400, errChunkEnd},
	{"1\r\na\r\r\n0\r\n\r\n", "a", 0, 400, errChunkEnd},
	{"1\r\na\r\n\r\n0\r\n\r\n", "a", 0, 400, errChunkSize},
	{"1\r\na \r\n0\r\n\r\n", "a", 0, 400, errChunkEnd},
	{"1\na\r\n0\r\n\r\n", "", 0, 400, errBareLF},
	{"1\ra\r\n0\r\n\r\n", "", 0, 400, errBareCR},
	{"1\r\r\na\r\n0\r\n\r\n", "", 0, 400, errBareCR},
	{"0\n\n", "", 0, 400, errBareLF},
	{"0\r\n\n", "", 0, 400, errBareLF},
	{"0\r\n\r\r\n", "", 0, 400, errBareCR},
	{"0\n\r\n", "", 0, 400, errBareLF},
	{"0\r\r\n\r\n", "", 0, 400, errBareCR},
	{"\r\n0\r\n\r\n", "", 0, 400, errChunkSize},
	{"\n", "", 0, 400, errChunkSize},
	{"GET / HTTP/1.1\r\n", "", 0, 400, errChunkSize},
	{"hello", "", 0, 400, errChunkSize},
	{"\x00", "", 0, 400, errChunkSize},
}

func TestChunkedVerdicts(t *testing.T) {
	for _, table := range chunkedTables {
		t.Run(table.name, func(t *testing.T) {
			var c Chunked
			for _, tt := range table.cases {
				in := fmt.Sprintf(table.pattern, tt.in)
				data, rest, done, err := decodeSplits(t, &c, []byte(in))
				if string(data) != tt.data {
					t.Errorf("%q: data %q, want %q", in, data, tt.data)
				}
				if tt.err == nil {
					if !done || err != nil || rest != tt.rest {
						t.Errorf("%q: done %v, %d left, %v; want it accepted, %d left", in, done, rest, err, tt.rest)
						continue
					}
					checkRechunked(t, &c, data)
					checkChunkedDifference(t, in)
					continue
				}
				var e *Error
				if !errors.As(err, &e) || e != tt.err || e.Status != tt.status {
					t.Errorf("%q: %v; want %d %q", in, err, tt.status, tt.err.Reason)
				}
			}
		})
	}
}

// checkChunkedDifference asks net/http about an accepted body.
func checkChunkedDifference(t testing.TB, body string) {
	t.Helper()
	head := "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	var r Request
	n, err := r.Parse([]byte(head), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	checkDifference(t, &r, []byte(head+body), n)
}

// checkRechunked writes what was decoded again and decodes that.
func checkRechunked(t testing.TB, c *Chunked, data []byte) {
	t.Helper()
	half := len(data) / 2
	b := AppendChunk(nil, data[:half])
	b = AppendChunk(b, data[half:])
	b = AppendLastChunk(b, c.Trailers())
	var again Chunked
	got, rest, done, err := decodeSplit(&again, b, splits[0], len(b))
	if !done || err != nil || rest != 0 || !bytes.Equal(got, data) {
		t.Fatalf("%q: written again: %q done %v, %d left, %v", b, got, done, rest, err)
	}
	if got, want := describeFields(again.Trailers()), describeFields(c.Trailers()); got != want {
		t.Fatalf("%q: written again: trailers\n%s\nwant\n%s", b, got, want)
	}
}

func TestChunkedIncomplete(t *testing.T) {
	whole := "5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n\r\n"
	for _, in := range []string{whole[:len(whole)-1], largestChunk} {
		for i := range in {
			var c Chunked
			_, rest, done, err := decodeSplits(t, &c, []byte(in[:i+1]))
			if rest != 0 || done || err != nil {
				t.Errorf("%q: %d left, done %v, %v", in[:i+1], rest, done, err)
			}
		}
	}
}

// largestChunk is the beginning of the largest chunk that there can be.
const largestChunk = "7fffffffffffffff\r\nhello"

// Data goes no further than dst, framing goes on without it.
func TestChunkedRoom(t *testing.T) {
	var c Chunked
	dst := make([]byte, 4)
	in := []byte("6\r\nabcdef\r\n0\r\n\r\n")
	step := func(room, ndst, nsrc int, done bool) {
		t.Helper()
		gotDst, gotSrc, gotDone, err := c.Decode(dst[:room], in)
		if gotDst != ndst || gotSrc != nsrc || gotDone != done || err != nil {
			t.Fatalf("room %d: wrote %d, took %d, done %v, %v", room, gotDst, gotSrc, gotDone, err)
		}
		in = in[gotSrc:]
	}
	step(0, 0, 3, false)
	step(4, 4, 4, false)
	step(0, 0, 0, false)
	step(2, 2, 9, true)
	step(4, 0, 0, true)
}

func TestChunkedInPlace(t *testing.T) {
	var c Chunked
	buf := []byte("3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\nrest")
	ndst, nsrc, done, err := c.Decode(buf, buf)
	if err != nil || !done || string(buf[:ndst]) != "abcdefg" || string(buf[nsrc:]) != "rest" {
		t.Errorf("%q %q done %v, %v", buf[:ndst], buf[nsrc:], done, err)
	}
}

func TestChunkedRefusedStaysRefused(t *testing.T) {
	var c Chunked
	_, _, _, first := c.Decode(nil, []byte("x"))
	ndst, nsrc, done, again := c.Decode(nil, []byte("0\r\n\r\n"))
	if first == nil || again != first || ndst != 0 || nsrc != 0 || done {
		t.Errorf("%v, then %d %d %v %v", first, ndst, nsrc, done, again)
	}
}

func TestChunkedAllocatesNothing(t *testing.T) {
	var c Chunked
	dst := make([]byte, 64)
	in := []byte("5\r\nhello\r\n5;a=b\r\nworld\r\n0\r\nX: y\r\n\r\n")
	decode := func() {
		c.Reset()
		if _, _, done, err := c.Decode(dst, in); !done || err != nil {
			t.Fatal(done, err)
		}
	}
	decode() // makes room for the trailer section
	if n := testing.AllocsPerRun(100, decode); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
