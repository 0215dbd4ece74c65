package entry

import (
	"slices"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/wire"
)

const (
	firstRoom = 4 << 10 // memory for a body at first; it doubles as more arrives, so that a promise alone takes none
	pathRoom  = 4 << 10 // no path is longer (PATH_MAX)

	// lengthRoom is room for a Content-Length and the end of a head, of a body
	// whose length is known only when it is complete.
	lengthRoom = len("Content-Length: 9223372036854775807\r\n\r\n")
)

const continue100 = "HTTP/1.1 100 Continue\r\n\r\n"

// body is the body of the request while it arrives. It is complete before a
// worker is bothered, so that a slow client holds none: in the record when it
// is small, else in a spool file.
type body struct {
	start   int   // of the body in exchange.base
	inline  int   // how much of it may be there
	left    int64 // bytes to come, when its length is known
	total   int64 // bytes so far
	spools  bool  // it goes to a file
	counted int   // bytes of it in Entry.memory
	chunked bool
	coding  http1.Chunked
}

// expectBody prepares for the body of a request whose head is in the record up
// to its Content-Length.
func (c *conn) expectBody() error {
	r, b, x := &c.request, &c.body, c.x
	if r.ContentLength > c.e.cfg.MaxBody {
		return &refusedBodySize
	}
	b.left, b.total, b.chunked = r.ContentLength, 0, r.Chunked
	if b.chunked {
		b.coding.Reset()
		x.base = slices.Grow(x.base, lengthRoom)
		x.base = x.base[:len(x.base)+lengthRoom]
	} else {
		x.base = append(http1.AppendContentLength(x.base, b.left), "\r\n"...)
	}
	b.start = len(x.base)
	b.inline = min(wire.MaxInlineBody, wire.MaxRecord-b.start)
	if b.inline < pathRoom {
		return &refusedHeadSize
	}
	b.spools = b.left > int64(b.inline)
	if r.Expect100 && c.r == c.w {
		c.out = append(c.out, continue100...)
		if err := c.flush(); err != nil {
			return err
		}
	}
	c.step = stepBody
	c.enter(phaseBody)
	return nil
}

// bodyRoom returns where to read the body to when that is not through in.
func (c *conn) bodyRoom() []byte {
	b, x := &c.body, c.x
	if b.chunked {
		if x.file != nil && len(c.in) < bodyBuffer {
			c.in = make([]byte, bodyBuffer)
		}
		return nil
	}
	room := c.growBody()
	return room[:min(int64(len(room)), b.left)]
}

// growBody returns what is free behind the body in memory, which is nothing
// only when b.inline bytes are there.
func (c *conn) growBody() []byte {
	b, x := &c.body, c.x
	have := len(x.base) - b.start
	if cap(x.base) == len(x.base) && have < b.inline {
		x.base = slices.Grow(x.base, min(max(have, firstRoom), b.inline-have))
	}
	return x.base[len(x.base):min(cap(x.base), b.start+b.inline)]
}

// bodyFilled takes note of n bytes that were read to bodyRoom. It returns false
// when they went through in.
func (c *conn) bodyFilled(n int) bool {
	b, x := &c.body, c.x
	if b.chunked {
		return false
	}
	x.base = x.base[:len(x.base)+n]
	b.left -= int64(n)
	b.total += int64(n)
	return true
}

// readBody takes what there is of the body. It returns true when it is
// complete, and then the record is too.
func (c *conn) readBody() (done bool, err error) {
	b, x := &c.body, c.x
	for {
		if b.chunked {
			n, used := 0, 0
			n, used, done, err = b.coding.Decode(c.growBody(), c.in[c.r:c.w])
			c.r += used
			x.base = x.base[:len(x.base)+n]
			b.total += int64(n)
			switch {
			case err != nil:
				return false, err
			case b.total > c.e.cfg.MaxBody:
				return false, &refusedBodySize
			case !done && used == 0 && c.r < c.w:
				b.spools = true
			}
		} else {
			n := copy(c.bodyRoom(), c.in[c.r:c.w])
			c.r += n
			c.bodyFilled(n)
			done = b.left == 0
		}
		if b.spools && len(x.base)-b.start == b.inline {
			err = c.spill()
		}
		if err == nil && done {
			err = c.completeBody()
		}
		if err != nil || done || c.r == c.w {
			return done, err
		}
	}
}

// awaitBody is before a wait for more of the body. What is in memory of it
// meanwhile is counted, and goes to its file when that is too much in all.
func (c *conn) awaitBody() error {
	c.countBody()
	if c.body.counted > 0 && c.e.memory.Load() > totalMemory {
		c.body.spools = true
		if err := c.spill(); err != nil {
			return err
		}
		c.x.base = append(make([]byte, 0, c.body.start+firstRoom), c.x.base...)
		c.locate(c.x.base)
		c.countBody()
	}
	c.enter(phaseBody)
	return nil
}

// countBody keeps Entry.memory right.
func (c *conn) countBody() {
	n := 0
	if c.step == stepBody {
		n = len(c.x.base) - c.body.start
	}
	if n <= uncounted {
		n = 0
	}
	if n != c.body.counted {
		c.e.memory.Add(int64(n - c.body.counted))
		c.body.counted = n
	}
}

// completeBody ends the record.
func (c *conn) completeBody() error {
	b, x := &c.body, c.x
	if b.spools {
		if err := c.spill(); err != nil {
			return err
		}
		x.file.seal()
		x.BodyFile = true
		x.base = append(x.base, x.file.path()...)
	}
	c.step = stepHead
	x.Record, x.Head = x.base, b.start-wire.RequestPrefix
	if b.chunked {
		x.moveHead(b.start, b.total)
	}
	return nil
}

// moveHead writes the Content-Length, now that it is known, into its room, and
// moves the head to it, over what remains of the room.
func (x *exchange) moveHead(start int, length int64) {
	var room [lengthRoom]byte
	field := append(http1.AppendContentLength(room[:0], length), "\r\n"...)
	gap := lengthRoom - len(field)
	copy(x.base[gap:start-len(field)], x.base[:start-lengthRoom])
	copy(x.base[start-len(field):], field)
	x.Record = x.base[gap:]
	x.Head = start - gap - wire.RequestPrefix
}

// spill moves what is in memory of the body to its file.
func (c *conn) spill() (err error) {
	b, x := &c.body, c.x
	if x.file == nil {
		if x.file, err = c.e.spool.named(); err != nil {
			return err
		}
	}
	if _, err := x.file.Write(x.base[b.start:]); err != nil {
		return err
	}
	x.base = x.base[:b.start]
	return nil
}
