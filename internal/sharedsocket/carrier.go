package sharedsocket

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/nowait"
	"github.com/rip-server/rip-server/internal/wire"
)

// maxAttempts bounds how often a request is sent on the stream type, where a
// program that closes without a claim and without an answer looks like one
// that never began.
const maxAttempts = 10

// carrier takes one exchange over one connection of the stream type.
type carrier struct {
	s    *Socket
	d    departure
	fd   int
	conn *os.File // of fd, nil while the poller waits for the reply
	raw  syscall.RawConn
	out  []byte   // what of the request is to be sent before the body in a file
	body *os.File // of the request, nil when it is in the record
	lost bool     // the file of the body is not there, and so there is no connection
	wake chan struct{}

	boarded bool
	reading atomic.Bool // it may hold something that it has not dealt with
	heard   atomic.Bool // something of the reply has come

	buf      []byte // what was read and not used yet is buf[r:w]
	r, w     int
	response http1.Response
	chunks   http1.Chunked
	plain    []byte // decoded from chunks
	left     int64  // body bytes to come, -1 = until the end of the connection
	chunked  bool
	worker   int
	sending  sync.WaitGroup // of a body beside the reply, see sendPlain
	stats    [3]uint64      // took, finished, CPU
}

var carriers = sync.Pool{New: func() any {
	return &carrier{buf: make([]byte, 8<<10), wake: make(chan struct{}, 1)}
}}

func newCarrier(s *Socket, d departure) *carrier {
	c := carriers.Get().(*carrier)
	c.s, c.d, c.fd = s, d, -1
	c.r, c.w, c.left, c.chunked, c.worker, c.stats = 0, 0, -1, false, 0, [3]uint64{}
	c.lost, c.boarded = false, false
	c.reading.Store(false)
	c.heard.Store(false)
	return c
}

// open gives the connection to Go's poller.
func (c *carrier) open() error {
	conn := os.NewFile(uintptr(c.fd), c.s.cfg.Path)
	raw, err := conn.SyscallConn()
	c.s.mu.Lock() // the exchange knows the carrier already, perhaps
	c.conn, c.raw = conn, raw
	c.s.mu.Unlock()
	return err
}

// close ends the connection. No exchange knows the carrier any more.
func (c *carrier) close() {
	if c.body != nil {
		c.body.Close()
	}
	if c.conn != nil {
		c.conn.Close()
	} else if c.fd >= 0 {
		nowait.Close(c.fd)
	}
	c.s, c.d, c.fd, c.conn, c.raw, c.out, c.body = nil, departure{}, -1, nil, nil, nil, nil
	carriers.Put(c)
}

// stop ends the wait of a carrier whose exchange is over. Who calls it has the
// mutex or is the carrier's own goroutine.
func (c *carrier) stop() {
	if c.conn == nil {
		_ = unix.Shutdown(c.fd, unix.SHUT_RDWR)
		return
	}
	_ = c.conn.SetDeadline(time.Unix(1, 0))
}

// embark connects to the shared socket: the workers accept in the order of
// these calls. The rest goes on in the background.
func (s *Socket) embark(d departure) {
	c, err := newCarrier(s, d), error(nil)
	if d.file {
		// It is there before a worker hears of the request: one without a body
		// would only have to be given back.
		c.body, err = os.Open(string(d.record[wire.RequestPrefix+d.head:]))
		c.lost = err != nil && !full(err)
	}
	if err == nil {
		c.fd, err = dial(s.adoption.address)
	}
	switch {
	case err != nil && !c.lost:
		c.close()
		s.sends.Done()
		s.bounced(d, err)
	case d.file || s.poller == nil || !s.hasten(c):
		s.carriage.begin(c)
	}
}

// carry sends a request over its connection and hands the reply over, as far
// as that is not done.
func (s *Socket) carry(c *carrier) {
	defer s.sends.Done()
	defer c.close()
	if c.lost {
		s.cutOff(c.d)
		return
	}
	if err := c.open(); err != nil {
		s.bounced(c.d, err)
	} else if c.boarded || s.board(c) {
		c.exchange()
	}
	s.alight(c)
	if s.adopted() && c.boarded {
		c.stop()
		c.sending.Wait()
	}
}

// board ties the carrier to its exchange, if that still needs one.
func (s *Socket) board(c *carrier) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.d.x.state != sent || c.d.x.id != c.d.id {
		return false
	}
	c.boarded = true
	c.d.x.carrier = c
	if s.adopted() {
		c.d.x.held.inode = inodeOf(c.fd)
	}
	return true
}

// alight unties it, when the exchange goes on without a connection.
func (s *Socket) alight(c *carrier) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.d.x.carrier == c {
		c.d.x.carrier = nil
	}
}

func (c *carrier) exchange() {
	if err := c.send(); err != nil && !peerClosed(err) {
		c.s.cutOff(c.d)
		return
	}
	n, ok := c.head()
	if !ok {
		return
	}
	head := c.buf[c.r : c.r+n : c.r+n]
	c.r += n
	c.note(c.response.Fields)
	c.left, c.chunked = c.response.ContentLength, c.response.Chunked
	c.chunks.Reset()
	if c.d.bodiless || !http1.BodyAllowed(nil, c.response.Status) {
		c.finish(Reply{Head: head}, nil)
		return
	}
	for {
		body, final, err := c.decode()
		if final {
			c.finish(Reply{Head: head, Body: body}, err)
			return
		}
		if len(head)+len(body) > 0 && !c.part(Reply{Head: head, Body: body}) {
			return
		}
		head = nil
		if !c.fill() {
			c.breakOff()
			return
		}
	}
}

// fill reads more of the reply. It returns false at the end of the connection,
// and when a head does not fit.
func (c *carrier) fill() bool {
	if c.r == c.w {
		if c.w == len(c.buf) && c.w < wire.MaxRecord {
			c.buf = make([]byte, 4*len(c.buf)) // there is more than fits: it is a long reply
		}
		c.r, c.w = 0, 0
	}
	if c.w == len(c.buf) {
		if c.r == 0 && len(c.buf) >= wire.MaxRecord {
			return false
		}
		to := c.buf
		if c.r == 0 {
			to = make([]byte, 4*len(c.buf))
		}
		c.w = copy(to, c.buf[c.r:c.w])
		c.r, c.buf = 0, to
	}
	n := 0
	err := c.raw.Read(func(fd uintptr) bool {
		for {
			c.reading.Store(true)
			var err error
			n, err = nowait.Receive(int(fd), c.buf[c.w:])
			switch err {
			case unix.EINTR:
				continue
			case unix.EAGAIN:
				c.reading.Store(false)
				return false
			}
			return true
		}
	})
	if err != nil || n <= 0 {
		return false
	}
	c.w += n
	c.heard.Store(true)
	return true
}

// unread tells whether something of the reply is here that was not dealt with.
func (c *carrier) unread() bool { return readableNow(c.fd) || c.reading.Load() }

// head waits for the final head and returns its length; it is at c.r. Heads of
// 1xx are handed over on the way.
func (c *carrier) head() (n int, ok bool) {
	for {
		c.response.Reset()
		for n = 0; n == 0; {
			if c.r == c.w && !c.fill() {
				c.s.cutOff(c.d)
				return 0, false
			}
			var err error
			if n, err = c.response.Parse(c.buf[c.r:c.w], http1.Limits{}); err != nil {
				c.finish(Reply{}, fmt.Errorf("%w: %v", ErrBadReply, err))
				return 0, false
			}
			if n == 0 && !c.fill() {
				c.s.cutOff(c.d)
				return 0, false
			}
		}
		if c.response.Status >= 200 {
			return n, true
		}
		if !c.part(Reply{Head: c.buf[c.r : c.r+n]}) {
			return 0, false
		}
		c.r += n
	}
}

// decode returns what there is of the body, and whether that is the end of it.
func (c *carrier) decode() (body []byte, final bool, err error) {
	b := c.buf[c.r:c.w]
	if c.chunked {
		if len(b) == 0 {
			return nil, false, nil
		}
		if cap(c.plain) < len(b) {
			c.plain = make([]byte, 0, len(c.buf))
		}
		plain, used, done, err := c.chunks.Decode(c.plain[:len(b)], b)
		c.r += used
		if err != nil {
			return nil, true, fmt.Errorf("%w: %v", ErrBadReply, err)
		}
		if done {
			c.note(c.chunks.Trailers())
		}
		return c.plain[:plain], done, nil
	}
	if c.left >= 0 && int64(len(b)) > c.left {
		b = b[:c.left]
	}
	c.r = c.w
	if c.left > 0 {
		c.left -= int64(len(b))
	}
	return b, c.left == 0, nil
}

// note takes what the worker says of itself.
func (c *carrier) note(fields []http1.Field) {
	if c.s.adopted() {
		return // such a program has no such word
	}
	for i := range fields {
		if fields[i].ID != http1.FieldRipStats {
			continue
		}
		if n, ok := fourNumbers(fields[i].Value); ok {
			c.worker, c.stats = int(n[0]), [3]uint64(n[1:])
		}
	}
}

// fourNumbers reads decimal numbers with one space between them.
func fourNumbers(b []byte) (n [4]uint64, ok bool) {
	i, digits := 0, 0
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9' && digits < 19: // so that it fits
			n[i] = 10*n[i] + uint64(c-'0')
			digits++
		case c == ' ' && digits > 0 && i < len(n)-1:
			i, digits = i+1, 0
		default:
			return n, false
		}
	}
	return n, i == len(n)-1 && digits > 0
}
