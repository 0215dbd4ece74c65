package sharedsocket

import (
	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/nowait"
)

// Most requests go out with one send and most replies come in with one read.
// Such an exchange needs no goroutine and no descriptor in Go's poller, which
// would cost two system calls and two switches: the connection's goroutine
// sends, and the poller's hands the reply over. What turns out to be more goes
// to the carriage.

// hasten sends the request of a carrier and has the poller wait for the reply.
// It returns false when the carriage has to go on.
func (s *Socket) hasten(c *carrier) bool {
	if !s.board(c) {
		c.close()
		s.sends.Done()
		return true
	}
	c.compose()
	n, _ := nowait.Send(c.fd, c.out) // what is wrong shows again
	c.out = c.out[max(n, 0):]
	return len(c.out) == 0 && s.poller.add(c)
}

// arrived deals with a connection on which something has come.
func (s *Socket) arrived(c *carrier) {
	c.reading.Store(true)
	n, _ := nowait.Receive(c.fd, c.buf) // what is wrong shows again
	c.w = max(n, 0)
	c.heard.Store(n > 0)
	if !c.deliver() {
		s.carriage.begin(c)
		return
	}
	s.alight(c)
	c.close()
	s.sends.Done()
}

// deliver hands a reply over that is here whole. It returns false when it is not.
func (c *carrier) deliver() bool {
	c.response.Reset()
	n, err := c.response.Parse(c.buf[:c.w], http1.Limits{})
	if err != nil || n == 0 || c.response.Status < 200 {
		return false
	}
	body := c.buf[n:n:n]
	if !c.d.bodiless && http1.BodyAllowed(nil, c.response.Status) {
		length := c.response.ContentLength
		if c.response.Chunked || length < 0 || length > int64(c.w-n) {
			return false
		}
		body = c.buf[n : n+int(length)]
	}
	c.note(c.response.Fields)
	c.finish(Reply{Head: c.buf[:n:n], Body: body}, nil)
	return true
}
