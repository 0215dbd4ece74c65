package sharedsocket

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/nowait"
	"github.com/rip-server/rip-server/internal/wire"
)

// read hands the records of one worker over until the worker is gone, and then
// settles what it leaves. Each worker has such a goroutine, so that a slow
// client delays no reply but its own.
func (t *Seat) read() {
	defer t.resolve()
	raw, err := t.replies.SyscallConn()
	if err != nil {
		return
	}
	buf := make([]byte, wire.MaxRecord+1)
	open, hangup := true, false
	for open {
		// One call of Read goes on for as long as there are records: it waits
		// in the poller only when the socket is empty.
		err = raw.Read(func(fd uintptr) bool {
			for {
				t.reading.Store(true)
				n, err := nowait.Receive(int(fd), buf)
				switch {
				case err == unix.EINTR:
					continue
				case err == unix.EAGAIN:
					t.asides = 0
					t.reading.Store(false)
					if t.dead.Load() {
						open = false
						return true
					}
					return false
				case err != nil || n == 0:
					open, hangup = false, true
					return true
				}
				t.record(buf[:n])
			}
		})
		if err != nil && (t.dead.Load() || !errors.Is(err, os.ErrDeadlineExceeded)) {
			t.drain(raw, buf)
			return
		}
	}
	if hangup {
		t.s.mu.Lock()
		t.closed = Now()
		t.s.mu.Unlock()
	}
	for !t.dead.Load() {
		<-t.wake
	}
}

// drain reads what a dead worker has left, after the poller refused to wait.
func (t *Seat) drain(raw interface{ Control(func(uintptr)) error }, buf []byte) {
	for more := true; more; {
		_ = raw.Control(func(fd uintptr) {
			n, err := nowait.Receive(int(fd), buf)
			if err == unix.EINTR {
				return
			}
			if more = err == nil && n > 0; more {
				t.record(buf[:n])
			}
		})
	}
}

// record deals with one record.
func (t *Seat) record(b []byte) {
	if t.s.cfg.Heard != nil {
		t.s.cfg.Heard(t.number, b)
	}
	r, err := wire.ParseReply(b)
	switch {
	case t.distrusted:
		if err == nil && r.Type == wire.TypeReply {
			t.disown(r)
		}
	case err != nil || len(b) > wire.MaxRecord:
		t.misbehaved("wrote %d bytes that are no record", len(b))
	case t.babbles(r, len(b)):
		t.misbehaved("wrote records without end and no reply")
	case r.Type == wire.TypeReply && r.ID != 0 && t.s.cfg.Type == Stream:
		// Its connection is the only way of the reply: two at once would call
		// a sink from two goroutines.
		t.misbehaved("wrote a reply to the reply socket")
	case r.Type == wire.TypeReply && r.ID != 0:
		t.reply(r)
	case r.Type == wire.TypeReply && r.Flags&wire.FlagSpent != 0:
		t.notify(Event{Kind: EventSpent})
	case r.Type == wire.TypeReply:
		t.misbehaved("wrote a reply to no request")
	case r.Type == wire.TypeGivenBack:
		t.givenBack(r.ID)
	case r.Type == wire.TypeReady:
		t.becameReady()
	case r.Type == wire.TypeReloaded:
		if len(r.Body) == 0 {
			t.s.Forgive()
		}
		t.notify(Event{Kind: EventReloaded, Reason: string(r.Body)})
	}
}

// mostAsides is how many bytes of records that are no replies may come in one go:
// as a worker gives back what was withdrawn it may write some hundred kilobytes.
const mostAsides = 4 << 20

// babbles tells whether a worker writes records that are no replies faster than
// they are read: what becomes of each of them would fill the memory.
func (t *Seat) babbles(r wire.Reply, size int) bool {
	if r.Type == wire.TypeReply && r.ID != 0 {
		if r.Flags&wire.FlagFinal != 0 {
			t.asides = 0
		}
		return false
	}
	t.asides += size
	return t.asides > mostAsides
}

// disown ends the request that a worker replies to after it broke the
// protocol: the reply is not believed, but the request was run, so it must not
// be sent again.
func (t *Seat) disown(r wire.Reply) {
	s := t.s
	var over []ending
	s.mu.Lock()
	if x, _ := t.own(r); x != nil {
		over = s.conclude(over, x, ErrBadReply)
	}
	s.mu.Unlock()
	s.tell(over)
}

func (t *Seat) becameReady() {
	t.s.mu.Lock()
	again := t.isReady
	if !again {
		t.isReady = true
		t.s.ready++
	}
	t.s.mu.Unlock()
	if again {
		t.misbehaved("said twice that it is ready")
		return
	}
	t.notify(Event{Kind: EventReady})
}

// givenBack takes a request back that the worker received and did not run. The
// worker's word is checked like any other loss, by ledger, barrier and rows.
func (t *Seat) givenBack(id uint64) {
	s := t.s
	s.mu.Lock()
	if x := s.find(id); x != nil && x.seat == nil {
		x.spoiled, x.missed = false, false // who takes it and does not run it shows that it was in the queue
		if x.claimant == t {
			x.claimed, x.claimant = false, nil // it may be gone before the barrier is over
		}
		s.unwant(x, resend, 0)
	}
	s.mu.Unlock()
	s.refill() // it may have been one that nobody wanted: there is room
}

// reply deals with one record of a reply.
func (t *Seat) reply(r wire.Reply) {
	s := t.s
	final := r.Flags&wire.FlagFinal != 0
	if p := t.printed.Load(); final && p != nil && p.unread() {
		p.read(s.labelOf(r.ID))
	}
	s.mu.Lock()
	x, problem := t.own(r)
	if problem != "" {
		var over []ending
		if x != nil {
			over = s.conclude(over, x, fmt.Errorf("%w: it %s", ErrBadReply, problem))
		}
		s.mu.Unlock()
		s.tell(over)
		t.misbehaved("%s", problem)
		return
	}
	if final {
		t.current = 0
		t.cpu += r.CPU
		t.done.Add(1)
	}
	if x == nil { // given up before: nobody waits for it
		s.mu.Unlock()
		return
	}
	x.seat, x.Worker = t, t.number
	s.claimed = max(s.claimed, r.ID)
	part := Reply{Head: r.Head, Body: r.Body, Final: final}
	if !final {
		t.current = r.ID
		s.part(x, part, t.wake)
		return
	}
	x.Took, x.Finished, x.CPU = r.Took, r.Finished, r.CPU
	switch {
	case x.gone:
		part = Reply{Final: true, Err: ErrWithdrawn}
	case r.Flags&wire.FlagBroken != 0:
		part.Err = ErrBroken
	}
	s.survived(x)
	s.land(x)
	d, more := s.next()
	s.mu.Unlock()
	x.Sink.Take(part)
	if r.Flags&wire.FlagSpent != 0 {
		t.notify(Event{Kind: EventSpent})
	}
	if more {
		s.launch(d)
		s.refill()
	}
}

func (s *Socket) labelOf(id uint64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x := s.find(id); x != nil {
		return strings.Clone(x.Label)
	}
	return ""
}

// own returns the exchange that a record of a reply is for. Rows are input,
// not truth: a reply counts only from a worker that can have run the request.
// A problem means that the worker broke the protocol; the exchange, if any, is
// the one whose reply cannot be trusted any more.
func (t *Seat) own(r wire.Reply) (x *Exchange, problem string) {
	s := t.s
	x = s.find(r.ID)
	switch {
	case t.current != 0 && t.current != r.ID:
		return s.find(t.current), "replied to another request in the middle of a reply"
	case x == nil && (r.ID == t.ended || r.ID == t.current):
		return nil, ""
	case x == nil:
		return nil, "replied to a request that is not in flight"
	case x.seat != nil && x.seat != t:
		return nil, "replied to a request of another worker"
	case x.seat == nil && t.claim() != r.ID && wire.Load(t.row.mem, wire.RowDone) <= t.done.Load():
		// It does not hold it, and has counted no request beyond those whose
		// final record was dealt with.
		x.spoil()
		return nil, "replied to a request that it does not hold"
	}
	if !x.streaming && r.Head == nil {
		return x, "began a reply without a head"
	}
	return x, ""
}

// part hands a part over that is not the last one, and waits while the sink has
// no room. It is called with the mutex held and returns without it.
func (s *Socket) part(x *Exchange, part Reply, wake chan struct{}) {
	id := x.id
	if !x.streaming {
		x.streaming = true
		s.streaming++
	}
	x.claimed = true
	x.since = Now()
	if x.gone {
		s.mu.Unlock()
		return
	}
	x.taking = true
	s.mu.Unlock()
	wait := x.Sink.Take(part)
	s.mu.Lock()
	x.taking = false
	var over []ending
	if err := x.end; err != nil {
		over = s.conclude(over, x, err)
	} else if wait != nil {
		select {
		case <-wake: // an old rousing
		default:
		}
		x.room = wake
		for x.state == sent && x.id == id && !x.gone && (x.seat == nil || !x.seat.finished()) {
			s.mu.Unlock()
			roomy := false
			select {
			case <-wait:
				roomy = true
			case <-wake:
			}
			s.mu.Lock()
			if roomy {
				break
			}
		}
		if x.state == sent && x.id == id {
			x.room = nil
			x.since = Now()
		}
	}
	s.mu.Unlock()
	s.tell(over)
}
