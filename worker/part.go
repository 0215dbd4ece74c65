package worker

import (
	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/wire"
)

// Layout of worker.out. A part of a reply is written in one piece, so what
// frames it is put around it in the same memory:
//
//	margin | fields | gap | body | tail
//
// The last fields of a head are known only when it is sent. They are put
// behind the others, into the gap, and then the head is moved up to the body.
const (
	margin    = wire.ReplyPrefix      // for the prefix of a record or the head of a chunk
	gap       = 320                   // for Content-Type, Content-Length, Transfer-Encoding, Connection, Rip-Stats
	tail      = 160                   // for the end of a chunked body
	outLimit  = wire.MaxRecord - tail // where a body ends
	headLimit = outLimit/2 - gap      // where a head ends
	sniffed   = 512                   // bytes that http.DetectContentType looks at
)

// replier takes a reply to the server, part by part.
type replier interface {
	// frame appends to a head what the kind of socket needs and its empty line.
	frame(head []byte, p *part) []byte
	// send sends one part, in out from p.from to p.to. It may overwrite the
	// margin before and the tail after it.
	send(out []byte, p *part) error
}

// part is a part of a reply.
type part struct {
	x      *exchange
	from   int   // where the head begins
	body   int   // where the head, if any, ends and the body begins
	to     int   // where the body ends
	length int64 // of the whole body, -1 = not known

	interim  bool   // a head of 1xx, another head follows
	bodiless bool   // the reply has no body
	final    bool   // nothing follows
	broken   bool   // final: the reply is not complete
	spent    bool   // final: the worker takes nothing more
	took     uint64 // final
	finished uint64 // final
	cpu      uint64 // final
}

func (r *response) sendInterim(status int) {
	head, ok := r.w.appendHead(r.w.out[:margin], status, r.header)
	if r.err != nil || !ok {
		return
	}
	p := &r.w.part
	*p = part{x: r.x, from: margin, length: -1, interim: true, bodiless: true}
	head = r.w.to.frame(head, p)
	p.body, p.to = len(head), len(head)
	r.err = r.w.to.send(r.w.out, p)
}

// pass sends what there is so far, unless nobody waits for it: a handler that
// writes without end learns so that it can stop.
func (r *response) pass() error {
	if r.w.seat.cancelled(r.x.slot, r.x.id) {
		r.torn = true
		return errGone
	}
	return r.send(false, false)
}

// send sends what there is.
func (r *response) send(final, broken bool) error {
	if r.err != nil {
		return r.err
	}
	p := &r.w.part
	*p = part{
		x: r.x, from: margin, body: r.body, to: r.end, length: r.length,
		bodiless: !r.hasBody(), final: final, broken: broken,
	}
	if final {
		p.spent = r.w.spent
		r.w.finish(p)
	}
	if r.sent {
		p.from = r.body
	} else {
		r.endHead(p)
	}
	if p.bodiless {
		p.to = p.body
	}
	r.sent = true
	r.err = r.w.to.send(r.w.out, p)
	r.body, r.end = margin, margin
	return r.err
}

// sniff adds a Content-Type by the looks of the body where there is none.
func (r *response) sniff() {
	body := r.w.out[r.body:r.end]
	if r.typed || len(body) == 0 {
		return
	}
	r.typed = true
	r.fields = len(http1.AppendField(r.w.out[:r.fields], "Content-Type", contentType(body)))
}

// endHead adds the fields that are known now, and moves the head to the body.
func (r *response) endHead(p *part) {
	out := r.w.out
	r.sniff()
	head := out[:r.fields]
	if r.file != "" {
		head = http1.AppendField(head, headerSendfile, r.file)
		p.length = 0 // of what comes from here
	}
	if p.length < 0 && p.final {
		switch {
		case r.hasBody():
			p.length = int64(r.end - r.body)
		case r.bodiless && r.written > 0:
			p.length = r.written // what GET would have had
		}
	}
	if p.length >= 0 {
		head = http1.AppendContentLength(head, p.length)
	}
	head = r.w.to.frame(head, p)
	if r.end == r.body {
		p.body, p.to = len(head), len(head)
		return
	}
	n := copy(out[r.body-(len(head)-margin):], head[margin:])
	p.from = r.body - n
}
