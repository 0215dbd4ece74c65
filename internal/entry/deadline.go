package entry

import (
	"sync"
	"sync/atomic"
	"time"
)

// phase is what a connection is doing. It decides what it means to be late.
type phase uint8

const (
	phaseIdle   phase = iota // waits for the first byte of a request
	phaseHead                // waits for the rest of a head
	phaseBody                // waits for more of a body
	phaseWait                // waits for a reply
	phaseWrite               // waits for the client to take something
	phaseLinger              // waits for the client to close
)

// deadline says since when a connection does what it does. The connection's
// goroutine writes it with one atomic operation per phase; whoever finds it
// too old expires it.
type deadline struct {
	word atomic.Uint64 // tick<<8 | flags | phase
	mu   sync.Mutex    // expire and what takes it back
	lost atomic.Uint32 // a loss
}

// loss is why a connection is given up.
type loss uint32

const (
	lossNone    loss = iota
	lossLeft         // the client has ended its side
	lossStalled      // the client takes nothing
	lossCut          // the time for a stop is over
)

func (l loss) String() string {
	return [...]string{"", "the client went away", "the client took nothing for too long", "the server stopped"}[l]
}

// lose gives the connection up. The first reason counts.
func (d *deadline) lose(why loss) { d.lost.CompareAndSwap(0, uint32(why)) }

func (d *deadline) loss() loss { return loss(d.lost.Load()) }

// Flags of a deadline's word.
const (
	flagExpired = 0x80 // somebody has ended what the connection waits for
	flagAsked   = 0x40 // the sweeper has looked whether the client is still there
	phaseMask   = 0x0f
)

func phaseOf(word uint64) phase { return phase(word & phaseMask) }

func (d *deadline) phase() phase { return phaseOf(d.word.Load()) }

// enter says what the connection does from now on, or that it has got on with
// what it does. If it was expired in the last moment, that is taken back.
func (c *conn) enter(p phase) {
	if c.word.Swap(c.e.clock.now()<<8|uint64(p))&flagExpired != 0 {
		c.revive()
	}
}

// expire ends what the connection waits for, if it still is what word says.
// It is called by others.
func (c *conn) expire(word uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if word&flagExpired != 0 || !c.word.CompareAndSwap(word, word|flagExpired) {
		return false
	}
	_ = c.nc.SetDeadline(time.Unix(1, 0))
	return true
}

// revive takes an expiry back, unless there was another one since.
func (c *conn) revive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loss() != lossCut && c.word.Load()&flagExpired == 0 {
		_ = c.nc.SetDeadline(time.Time{})
	}
}

// cut ends the connection at once, whatever it does. It is called by others.
func (c *conn) cut() {
	c.leave(lossCut)
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.nc.SetDeadline(time.Unix(1, 0))
}

// leave gives up a connection that waits for a reply. It is called by others.
func (c *conn) leave(why loss) {
	c.lose(why)
	select {
	case c.wake <- struct{}{}:
	default:
	}
}
