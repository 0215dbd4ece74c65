package worker

import (
	"fmt"

	"github.com/rip-server/rip-server/internal/wire"
)

// takeRecords takes requests from a shared socket of the seqpacket type: one
// read is one request, one write is one part of a reply.
func (w *worker) takeRecords() error {
	buf := make([]byte, wire.MaxRecord)
	to := &records{w.seat.replies}
	for w.mayTake() {
		n, err := read(w.seat.requests, buf)
		if err != nil {
			return fmt.Errorf("read the shared socket: %w", err)
		}
		if n == 0 {
			return errServerGone
		}
		if err := w.takeRecord(buf[:n], to); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) takeRecord(b []byte, to replier) error {
	q, err := wire.ParseRequest(b)
	if err != nil {
		return fmt.Errorf("read the shared socket: %w", err)
	}
	x := &exchange{slot: q.Slot, id: q.ID}
	w.take()
	if !w.claim(x) {
		return w.giveBack(q.Slot, q.ID)
	}
	if q.Flags&wire.FlagBodyFile != 0 {
		x.body = openFile(string(q.Rest))
	} else if len(q.Rest) > 0 {
		x.body = &body{memory: q.Rest}
	}
	return w.run(x, q.Head, to)
}

// records sends replies as records.
type records struct{ fd int }

func (*records) frame(head []byte, _ *part) []byte { return append(head, "\r\n"...) }

func (to *records) send(out []byte, p *part) error {
	r := wire.Reply{Type: wire.TypeReply, Slot: p.x.slot, ID: p.x.id}
	if p.final {
		r.Flags = wire.FlagFinal
		r.Took, r.Finished, r.CPU = p.took, p.finished, p.cpu
		if p.broken {
			r.Flags |= wire.FlagBroken
		}
		if p.spent {
			r.Flags |= wire.FlagSpent
		}
	}
	start := p.from - wire.ReplyPrefix
	r.Put(out[start:], p.body-p.from)
	return sendRecord(to.fd, out[start:p.to])
}
