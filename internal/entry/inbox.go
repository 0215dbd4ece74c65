package entry

import (
	"os"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

const (
	// headRoom is room in front of a reply in memory, so that the head that is
	// made from the worker's can be put before the body and both sent at once.
	headRoom = 256

	replyMemory = 128 << 10 // of one reply, beyond what is being sent; then the worker waits, and then a file takes over
	totalMemory = 64 << 20  // of all replies; beyond it a file takes over at once
	uncounted   = 4 << 10   // what a small reply takes is not counted: that would cost each of them
)

// inbox holds what came of a reply and was not sent yet: in memory, behind it
// in a file, behind it in memory again.
type inbox struct {
	e       *Entry
	memory  []byte // headRoom, heads, body
	heads   int    // bytes of heads in memory
	lent    []byte // what memory was before; the connection is sending it
	file    *spoolFile
	taken   int64  // of file
	tail    []byte // headRoom, body: what file did not take
	held    int    // bytes of reply in memory and tail
	counted int    // of held and lent, in Entry.memory

	room     chan struct{} // closed when there is room; nil when nobody waits for it
	slow     bool          // the client was waited for, and a file may take over
	diskFull bool
	parts    int  // how many parts came
	bodied   bool // a part of the body came
	stray    bool // a head came behind it
	final    bool
	err      error
}

// put takes a part. It always takes all of it, and returns a channel to wait
// for before the next when there is no more room.
func (b *inbox) put(r sharedsocket.Reply) <-chan struct{} {
	b.parts++
	if r.Final {
		b.final, b.err = true, r.Err
		b.open()
	}
	defer b.recount()
	n := len(r.Body)
	full := b.held+n > replyMemory
	crowded := b.held+len(b.lent)+n > uncounted && b.e.memory.Load()+int64(n) > totalMemory
	inMemory := n == 0 || b.file == nil && (!crowded && (!full || b.patient()) || !b.openFile())
	if len(r.Head) > 0 {
		room := len(r.Head)
		if inMemory {
			room += n
		}
		b.stray = b.stray || b.bodied
		b.memory = append(roomy(b.memory, room), r.Head...)
		b.heads += len(r.Head)
		b.held += len(r.Head)
	}
	if n == 0 {
		return b.wait(b.held > replyMemory)
	}
	b.bodied = true
	if inMemory {
		b.memory = append(roomy(b.memory, n), r.Body...)
		b.held += n
		return b.wait(full || crowded)
	}
	rest := r.Body
	if len(b.tail) == 0 && b.file.size < b.e.cfg.MaxSpool {
		n, _ := b.file.Write(rest) // what does not fit on the disk waits in memory
		rest = rest[n:]
	}
	if len(rest) > 0 {
		b.tail = append(roomy(b.tail, len(rest)), rest...)
		b.held += len(rest)
	}
	return b.wait(len(rest) > 0 || b.file.size >= b.e.cfg.MaxSpool)
}

// tailRoom is room for what ends a chunk and a chunked body.
const tailRoom = len("\r\n0\r\n\r\n")

// roomy returns b, with headRoom when it is empty, and with capacity for n
// bytes and what goes around them in one step.
func roomy(b []byte, n int) []byte {
	if len(b) < headRoom {
		if cap(b) < headRoom+n+tailRoom {
			b = make([]byte, headRoom, headRoom+n+tailRoom)
		}
		b = b[:headRoom]
	}
	return b
}

// patient tells whether the worker is made to wait before a file takes over: a
// client that keeps up, or nearly, is not worth a file. What comes although the
// worker was told to wait is the rest of a reply that it has finished.
func (b *inbox) patient() bool { return !b.slow && b.room == nil }

// wait returns what to wait for when there is no room.
func (b *inbox) wait(full bool) <-chan struct{} {
	if !full || b.final {
		return nil
	}
	if b.room == nil {
		b.room = make(chan struct{})
	}
	return b.room
}

// open lets the worker go on.
func (b *inbox) open() {
	if b.room != nil {
		close(b.room)
		b.room = nil
	}
}

// hurry lets the worker go on although the client has taken nothing for a
// while: a file takes over. It may come late, when it is not that any more
// that the worker waits for.
func (b *inbox) hurry() {
	if b.room != nil && b.file == nil && !b.diskFull {
		b.slow = true
		b.open()
	}
}

// openFile makes a file that takes over. It returns false when there can be none.
func (b *inbox) openFile() bool {
	if b.diskFull {
		return false
	}
	file, err := b.e.spool.unnamed()
	if err != nil {
		b.diskFull = true
		b.e.cfg.Log.Warn("a reply to a slow client cannot go to a file", "error", err)
		return false
	}
	b.file, b.taken = file, 0
	return true
}

// portion is what a connection takes from an inbox at once: memory or a part
// of a file. It is valid until the next take.
type portion struct {
	memory []byte // headRoom, heads, body; nil when there is none
	heads  int    // bytes of heads in it

	file       *os.File
	from, size int64

	stray bool // the worker sent a head behind the body
	whole bool // the reply was a single part
	final bool // nothing follows
	err   error
}

func (p *portion) empty() bool { return p.memory == nil && p.file == nil && !p.final && !p.stray }

// take takes what comes next. What was taken before has been sent.
func (b *inbox) take() (p portion) {
	b.lent = b.lent[:0]
	if b.file != nil && b.taken == b.file.size && len(b.memory) <= headRoom {
		b.file.remove()
		b.file = nil
		b.memory, b.tail = b.tail, b.memory[:0]
	}
	switch {
	case len(b.memory) > headRoom:
		p.memory, p.heads = b.memory, b.heads
		b.held -= len(b.memory) - headRoom
		b.memory, b.lent, b.heads = b.lent, b.memory, 0
		if b.slow || b.file != nil {
			b.memory = nil // it will not be needed soon
		}
	case b.file != nil:
		b.memory, b.lent = nil, nil
		p.file, p.from, p.size = b.file.file, b.taken, b.file.size-b.taken
		b.taken = b.file.size
	}
	p.stray = b.stray
	if b.final && len(b.memory) <= headRoom && len(b.tail) <= headRoom && (b.file == nil || b.taken == b.file.size) {
		p.final, p.whole, p.err = true, b.parts == 1, b.err
	}
	if b.file == nil {
		b.open()
	}
	b.recount()
	return p
}

// recount keeps Entry.memory right.
func (b *inbox) recount() {
	n := b.held + len(b.lent)
	if n <= uncounted {
		n = 0
	}
	if n != b.counted {
		b.e.memory.Add(int64(n - b.counted))
		b.counted = n
	}
}

// reset gives back what the inbox holds.
func (b *inbox) reset() {
	if b.file != nil {
		b.file.remove()
	}
	b.open()
	if b.counted != 0 {
		b.e.memory.Add(-int64(b.counted))
	}
	memory := b.memory
	if cap(b.lent) > cap(memory) {
		memory = b.lent
	}
	if cap(memory) > keptMemory {
		memory = nil
	}
	*b = inbox{memory: memory[:0]}
}
