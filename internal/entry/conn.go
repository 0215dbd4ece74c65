package entry

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/accesslog"
	"github.com/rip-server/rip-server/internal/http1"
)

const (
	readBuffer = 4 << 10
	lingerTime = 2 * time.Second
	lingerSize = 1 << 20 // bytes thrown away at most while a connection lingers
)

// Why a connection's goroutine gives up. None is told to anybody.
var (
	errExpired = errors.New("it took too long")
	errGone    = errors.New("the client is gone")
)

// conn is one connection of a client. Its goroutine owns all of it but the
// fields that say so.
type conn struct {
	e      *Entry
	nc     net.Conn
	raw    syscall.RawConn
	client string // address without port
	proxy  bool   // the client is a trusted proxy
	tail   []byte // forwarding fields that are the same for all its requests

	in    []byte // what was read and not used yet is in[r:w]; nil while it waits idly
	r, w  int
	readN int
	readE error
	read  func(fd uintptr) bool // kept, so that a read allocates nothing

	out     []byte // what is to be written
	notify  chan struct{}
	req     http1.Request
	resp    http1.Response
	chunks  http1.Chunked
	reply   reply
	x       *exchange // for the next request, or of the one that waits
	d       delivery
	log     accesslog.Record
	served  int
	closing bool // nothing more is read as a request
	begun   time.Time

	// Shared with the sweeper.
	phase atomic.Int32
	since atomic.Int64 // ns of the Unix clock
	mu    sync.Mutex   // expire and what takes it back
	gone  atomic.Bool  // the client is, or is to be treated so
	cutIt atomic.Bool  // see cut
}

// phaseExpired replaces the phase of a connection whose deadline has passed.
const phaseExpired int32 = -1

func newConn(e *Entry, nc net.Conn) *conn {
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil
	}
	c := &conn{e: e, nc: nc, raw: raw, notify: make(chan struct{}, 1)}
	c.client, _, _ = net.SplitHostPort(nc.RemoteAddr().String())
	c.proxy = e.trusts(c.client)
	c.tail = []byte("X-Forwarded-For: " + c.client + "\r\nX-Forwarded-Proto: http\r\n")
	c.read = c.readSome
	c.since.Store(time.Now().UnixNano())
	return c
}

var buffers = sync.Pool{New: func() any { b := make([]byte, readBuffer); return &b }}

func (c *conn) serve() {
	defer c.e.depart(c)
	for !c.closing && c.request() {
	}
	if c.flush() == nil && c.closing && !c.gone.Load() {
		c.linger()
	}
	c.nc.Close()
	c.drop()
	if c.x != nil {
		c.x.free()
	}
}

// drop gives the read buffer back.
func (c *conn) drop() {
	if c.in != nil && len(c.in) == readBuffer {
		b := c.in
		buffers.Put(&b)
	}
	c.in, c.r, c.w = nil, 0, 0
}

// enter says what the connection does from now on. A deadline that passed in
// the last moment of what it did before is taken back.
func (c *conn) enter(phase int32, now time.Time) {
	c.since.Store(now.UnixNano())
	if c.phase.Swap(phase) == phaseExpired && !c.cutIt.Load() {
		c.mu.Lock()
		_ = c.nc.SetDeadline(time.Time{})
		c.mu.Unlock()
	}
}

// progress restarts the deadline of the phase.
func (c *conn) progress() { c.since.Store(time.Now().UnixNano()) }

// expire ends what the connection waits for. It is called by others.
func (c *conn) expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if phase := c.phase.Load(); phase != phaseExpired && c.phase.CompareAndSwap(phase, phaseExpired) {
		_ = c.nc.SetDeadline(time.Unix(1, 0))
	}
}

// leave says that the client is gone. It is called by the sweeper.
func (c *conn) leave() {
	c.gone.Store(true)
	select {
	case c.notify <- struct{}{}:
	default:
	}
}

// cut ends the connection at once, whatever it does. It is called by others.
func (c *conn) cut() {
	c.cutIt.Store(true)
	c.leave()
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.nc.SetDeadline(time.Unix(1, 0))
}

// peerGone tells whether the client has ended its side. A client that only
// shuts down its writing side counts as gone, as it does for net/http and nginx.
func (c *conn) peerGone() (gone bool) {
	err := c.raw.Control(func(fd uintptr) {
		var b [1]byte
		n, _, err := unix.Recvfrom(int(fd), b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		gone = n == 0 && err == nil || err != nil && err != unix.EAGAIN && err != unix.EINTR
	})
	return gone || err != nil
}

// fill reads more behind in[r:w]. While it waits with nothing read it holds no
// buffer.
func (c *conn) fill() error {
	if c.r == c.w {
		c.r, c.w = 0, 0
	} else if c.w == len(c.in) {
		if c.r > 0 {
			c.w = copy(c.in, c.in[c.r:c.w])
			c.r = 0
		} else {
			bigger := make([]byte, 4*len(c.in))
			copy(bigger, c.in)
			c.in = bigger
		}
	}
	err := c.raw.Read(c.read)
	if err == nil {
		err = c.readE
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errExpired
	}
	if err != nil {
		return err
	}
	if c.readN == 0 {
		return errGone
	}
	c.w += c.readN
	return nil
}

// readSome is called when there may be something to read.
func (c *conn) readSome(fd uintptr) bool {
	if c.in == nil {
		c.in = *buffers.Get().(*[]byte)
	}
	for {
		n, err := unix.Read(int(fd), c.in[c.w:])
		switch err {
		case nil:
			c.readN, c.readE = n, nil
			return true
		case unix.EINTR:
			continue
		case unix.EAGAIN:
			if c.w == 0 {
				c.drop()
			}
			return false
		default:
			c.readN, c.readE = 0, err
			return true
		}
	}
}

// flush writes what is in out.
func (c *conn) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	err := c.write(c.out)
	if cap(c.out) > keptRecord {
		c.out = nil
	}
	c.out = c.out[:0]
	return err
}

// write writes all of b; the deadline runs anew with each piece that is taken.
func (c *conn) write(b []byte) error {
	for len(b) > 0 {
		n, err := c.nc.Write(b[:min(len(b), 256<<10)])
		b = b[n:]
		if err != nil {
			c.closing = true
			c.gone.Store(true)
			return err
		}
		if len(b) > 0 {
			c.progress()
		}
	}
	return nil
}

// linger ends the sending side and throws away what still comes for a moment,
// so that the client can read the answer: data that nobody has read when a
// connection is closed makes the kernel reset it, and the answer is lost.
func (c *conn) linger() {
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	c.enter(phaseClosing, time.Now())
	for n := 0; n < lingerSize; n += c.readN {
		c.r, c.w = 0, 0
		if c.fill() != nil {
			return
		}
	}
}
