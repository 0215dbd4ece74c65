package entry

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// drain returns the bytes of a portion.
func (p *portion) drain(t *testing.T) []byte {
	t.Helper()
	if p.file == nil {
		if p.memory == nil {
			return nil
		}
		return bytes.Clone(p.memory[headRoom:])
	}
	b := make([]byte, p.size)
	if _, err := io.ReadFull(io.NewSectionReader(p.file, p.from, p.size), b); err != nil {
		t.Fatal(err)
	}
	return b
}

// full tells whether a channel is one to wait for.
func full(wait <-chan struct{}) bool {
	select {
	case <-wait: // never, when it is nil
		return false
	default:
		return wait != nil
	}
}

// A reply waits in memory, then its worker waits for a moment, then a file
// takes it, then the worker waits for real.
func TestInboxFills(t *testing.T) {
	s := start(t, Config{MaxSpool: 1 << 20}, pong)
	b := inbox{e: s.Entry}
	part := sharedsocket.Reply{Body: []byte(big[:64<<10])}
	b.put(sharedsocket.Reply{Head: []byte(ok)})
	for b.held+len(part.Body) <= replyMemory {
		if b.put(part) != nil {
			t.Fatalf("the worker waits with %d bytes in memory", b.held)
		}
	}
	wait := b.put(part)
	if !full(wait) || b.file != nil || b.held > replyMemory+len(part.Body) {
		t.Fatalf("the worker does not wait for a moment, %d bytes in memory", b.held)
	}
	b.hurry()
	if full(wait) {
		t.Error("the worker waits on")
	}
	for i := 0; ; i++ {
		wait = b.put(part)
		if b.file == nil || b.file.size != int64(i+1)*int64(len(part.Body)) {
			t.Fatalf("part %d did not go to the file", i)
		}
		if full(wait) {
			break
		}
	}
	if b.file.size != s.cfg.MaxSpool {
		t.Errorf("the worker waits with %d bytes in the file", b.file.size)
	}
	// What a worker has written already is taken all the same.
	b.put(part)
	b.put(sharedsocket.Reply{Body: part.Body, Final: true})
	if full(wait) {
		t.Error("a worker that has ended waits on")
	}
	total := 0
	for p := b.take(); ; p = b.take() {
		total += len(p.drain(t)) - p.heads
		if p.final {
			break
		}
	}
	if b.file != nil || total%len(part.Body) != 0 || total < 1<<20+replyMemory {
		t.Errorf("got %d bytes, file %v", total, b.file)
	}
	b.reset()
}

// Whatever comes when, it leaves in order, and takes no more memory than
// promised.
func TestInboxOrder(t *testing.T) {
	s := start(t, Config{MaxSpool: 700_000}, pong)
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 0))
		if seed%3 == 0 {
			s.memory.Store(totalMemory - 20_000)
		}
		others := s.memory.Load()
		if seed%5 == 0 {
			s.spool.create = fullDisk
		}
		b := inbox{e: s.Entry}
		var sent, got []byte
		var wait <-chan struct{}
		put := func(final bool) {
			r := sharedsocket.Reply{Final: final}
			if len(sent) == 0 {
				r.Head = []byte(ok)
			}
			n := random.IntN(3000)
			if random.IntN(2) == 0 {
				n = random.IntN(128 << 10)
			}
			at := random.IntN(1000)
			r.Body = []byte(big[at:][:n])
			sent = append(append(sent, r.Head...), r.Body...)
			wait = b.put(r)
			if b.held > replyMemory+2*128<<10 { // one that it waits for, one that the disk did not take
				t.Fatalf("seed %d: %d bytes in memory", seed, b.held)
			}
		}
		for range random.IntN(60) {
			switch {
			case !full(wait):
				put(false)
			case random.IntN(2) == 0:
				b.hurry()
			}
			if random.IntN(3) == 0 {
				p := b.take()
				got = append(got, p.drain(t)...)
			}
			if b.file != nil && b.file.size > s.cfg.MaxSpool+128<<10 {
				t.Fatalf("seed %d: %d bytes in the file", seed, b.file.size)
			}
		}
		put(true)
		for {
			p := b.take()
			got = append(got, p.drain(t)...)
			if p.final {
				break
			}
		}
		if !bytes.Equal(got, sent) {
			t.Fatalf("seed %d: got %d bytes, other than the %d that were put", seed, len(got), len(sent))
		}
		b.reset()
		if s.memory.Load() != others || s.Counts().Spools != 0 {
			t.Fatalf("seed %d: left %d bytes, %+v", seed, s.memory.Load()-others, s.Counts())
		}
		s.memory.Store(0)
		s.spool.create = os.CreateTemp
	}
}

// Small parts of many replies count too, and so do heads.
func TestInboxBounds(t *testing.T) {
	s := start(t, Config{}, pong)
	s.memory.Store(totalMemory)
	b := inbox{e: s.Entry}
	small := sharedsocket.Reply{Body: []byte(big[:1000])}
	for range 100 {
		b.put(small)
	}
	if b.held > uncounted || b.file == nil {
		t.Errorf("%d bytes in memory, although there is none left", b.held)
	}
	b.reset()
	s.memory.Store(0)

	b = inbox{e: s.Entry}
	head := sharedsocket.Reply{Head: []byte("HTTP/1.1 103 Early Hints\r\nLink: " + strings.Repeat("x", 1000) + "\r\n\r\n")}
	for range 200 {
		if full(b.put(head)) {
			break
		}
	}
	if b.held > 2*replyMemory {
		t.Errorf("%d bytes of heads in memory", b.held)
	}
	b.reset()
}
