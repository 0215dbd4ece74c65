package worker

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"syscall"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/wire"
)

// takeConnections takes requests from a shared socket of the stream type: one
// connection is one request.
func (w *worker) takeConnections() error {
	if !w.watching {
		w.watching = true
		go w.watch()
	}
	buf := make([]byte, wire.MaxRecord)
	for {
		if w.spent { // perhaps before a handler ended its goroutine
			// There is no final record to say so.
			if err := w.tell(wire.Reply{Type: wire.TypeReply, Flags: wire.FlagFinal | wire.FlagSpent}); err != nil {
				return err
			}
		}
		if !w.mayTake() {
			return nil
		}
		fd, err := accept(w.seat.requests)
		switch err {
		case nil:
			w.takeConnection(fd, buf)
		case syscall.EINTR, syscall.ECONNABORTED:
			continue
		case syscall.EAGAIN:
			await(w.seat.requests, pollIn)
			continue
		default:
			return fmt.Errorf("accept at the shared socket: %w", err)
		}
	}
}

// watch ends the worker when the server dies, of which accept(2) says nothing.
func (w *worker) watch() {
	awaitHangUp(w.seat.replies)
	w.leave()
}

// takeConnection serves one connection. It closes it without an answer when
// the request must not be run here.
func (w *worker) takeConnection(fd int, buf []byte) {
	defer syscall.Close(fd)
	c := &connection{number: w.seat.number, fd: fd}
	head, received := w.readHead(fd, buf)
	if head == 0 {
		return
	}
	x := &exchange{}
	if !x.identify(w.head.Value(http1.FieldRipRequest)) {
		refuse(fd, http.StatusBadRequest)
		return
	}
	length := max(0, w.head.ContentLength)
	rest := buf[head:received]
	if int64(len(buf)-head) >= length {
		for int64(len(rest)) < length {
			n, err := read(fd, buf[received:head+int(length)])
			if n == 0 || err != nil {
				return
			}
			received += n
			rest = buf[head:received]
		}
	}
	c.flow = inflow{fd: fd, left: length - int64(len(rest))}
	w.take()
	if !w.claim(x) {
		return
	}
	if length > 0 {
		x.body = &body{memory: rest[:min(length, int64(len(rest)))]}
		if c.flow.left > 0 {
			x.body.source = &c.flow
		}
	}
	_ = w.run(x, buf[:head], c) // an error ends this connection, not the worker
}

// readHead reads a request until its head is complete and parsed. It returns
// the length of the head and of what was received, or 0 when there is nothing
// to run.
func (w *worker) readHead(fd int, buf []byte) (head, received int) {
	w.head.Reset()
	for received < len(buf) {
		n, err := read(fd, buf[received:])
		if n == 0 || err != nil {
			return 0, 0
		}
		received += n
		head, err = w.head.Parse(buf[:received], limits)
		switch {
		case err != nil:
			refuse(fd, http.StatusBadRequest)
			return 0, 0
		case w.head.Chunked:
			refuse(fd, http.StatusLengthRequired)
			return 0, 0
		case head > 0:
			return head, received
		}
	}
	return 0, 0
}

// refuse answers what the server would not have sent.
func refuse(fd, status int) {
	b := http1.AppendStatusLine(nil, status)
	_ = writeAll(fd, append(b, "Content-Length: 0\r\nConnection: close\r\n\r\n"...))
}

// identify reads slot, attempt and id. A request that has none did not come
// from the server: somebody debugs with curl --unix-socket.
func (x *exchange) identify(value []byte) bool {
	if value == nil {
		x.direct = true
		return true
	}
	words := strings.Fields(string(value))
	if len(words) != 3 {
		return false
	}
	slot, err := strconv.ParseUint(words[0], 10, 32)
	if err != nil {
		return false
	}
	x.slot = uint32(slot)
	x.id, err = strconv.ParseUint(words[2], 10, 64)
	return err == nil && x.id != 0
}

// connection sends a reply over the connection that the request came from.
type connection struct {
	number  int
	fd      int
	flow    inflow // what is still to come of the request
	chunked bool
}

// frame implements replier. The size of the first chunk goes with the head.
func (c *connection) frame(head []byte, p *part) []byte {
	if p.interim {
		return append(head, "\r\n"...)
	}
	c.chunked = p.length < 0 && !p.bodiless
	if c.chunked {
		head = append(head, "Transfer-Encoding: chunked\r\n"...)
	}
	head = append(head, "Connection: close\r\n"...)
	if p.final {
		head = c.appendStats(head, p)
	}
	head = append(head, "\r\n"...)
	if c.chunked && p.to > p.body {
		head = http1.AppendChunkHeader(head, p.to-p.body)
	}
	return head
}

// send implements replier.
func (c *connection) send(out []byte, p *part) error {
	if !p.interim && p.x.body != nil {
		p.x.body.settle(!p.final)
	}
	b := out[p.from:p.to]
	if c.chunked {
		if p.to > p.body {
			if p.from == p.body { // no head that has it
				var room [16]byte
				size := http1.AppendChunkHeader(room[:0], p.to-p.body)
				b = out[p.from-copy(out[p.from-len(size):], size) : p.to]
			}
			b = append(b, "\r\n"...)
		}
		if p.final && !p.broken {
			b = append(b, "0\r\n"...)
			b = c.appendStats(b, p)
			b = append(b, "\r\n"...)
		}
	}
	return writeAll(c.fd, b)
}

// appendStats appends the field that says what a final record says.
func (c *connection) appendStats(b []byte, p *part) []byte {
	b = append(b, wire.HeaderStats+": "...)
	b = strconv.AppendInt(b, int64(c.number), 10)
	for _, n := range [...]uint64{p.took, p.finished, p.cpu} {
		b = append(b, ' ')
		b = strconv.AppendUint(b, n, 10)
	}
	return append(b, "\r\n"...)
}
