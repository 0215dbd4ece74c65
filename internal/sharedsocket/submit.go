package sharedsocket

import (
	"bytes"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// Submit gives the exchange to the workers. It never blocks. When it returns
// an error (ErrFull, ErrNoWorkers, ErrQuarantined or ErrClosed, perhaps wrapped)
// the exchange was not taken and its sink is never called; else the sink gets exactly one
// final Reply.
func (s *Socket) Submit(x *Exchange) error {
	now := Now()
	print := s.suspects.look(x)
	s.mu.Lock()
	if print == 0 {
		print = s.suspects.look(x) // a quarantine may have begun meanwhile
	}
	trial, err := s.admit(print, now)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	x.Worker, x.Attempt, x.Submitted, x.Took, x.Finished, x.CPU = 0, 0, now, 0, 0, 0
	x.flight = flight{cost: len(x.Record) + recordOverhead, trial: trial}
	if s.held || s.queue.n > 0 || !s.window.room(x.cost) {
		x.state = queued
		s.queue.pushBack(x)
		s.mu.Unlock()
		return nil
	}
	d := s.depart(x, now)
	s.mu.Unlock()
	s.launch(d)
	return nil
}

// admit returns why a request cannot be taken, or its fingerprint when it
// shows whether its quarantine can end.
func (s *Socket) admit(print, now uint64) (trial uint64, err error) {
	if s.closed {
		return 0, ErrClosed
	}
	if s.refusal != "" {
		return 0, s.refused()
	}
	// Who waits is who no worker can have taken yet: exact rows would cost a
	// look at each of them per request.
	if waiting := s.queue.n + s.window.n - s.ready; waiting >= max(1, s.cfg.MaxQueue) {
		return 0, fmt.Errorf("%w (%d)", ErrFull, waiting)
	}
	if print == 0 || s.held { // held, because the code is about to change
		return 0, nil
	}
	return s.suspects.admit(print, now)
}

// departure is a send that was decided under the mutex and is done outside.
// The exchange may be over, and in use again, as soon as it has begun.
type departure struct {
	x      *Exchange
	id     uint64
	record []byte
	head   int
	file   bool

	// For the stream type.
	attempt  uint16
	bodiless bool // the reply to this method has no body
}

// depart moves x in flight: a slot, an id, the ledger, the prefix. Ids rise,
// and the slot is in their low bits, so that an id leads to its exchange.
func (s *Socket) depart(x *Exchange, now uint64) departure {
	slot := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	s.seq++
	x.id = s.seq*wire.Slots + uint64(slot)
	x.state = sent
	x.sending.Store(x.id)
	x.since = now
	x.Attempt++
	s.slots[slot] = x
	s.high = max(s.high, int(slot)+1)
	s.window.enter(x.cost)
	wire.Store(s.ledger.mem, wire.SlotOffset(slot), x.id)
	var flags byte
	if x.BodyFile {
		flags = wire.FlagBodyFile
	}
	wire.PutRequestPrefix(x.Record, flags, x.Attempt, slot, x.id, x.Head)
	s.sends.Add(1)
	return departure{
		x: x, id: x.id, record: x.Record, head: x.Head, file: x.BodyFile, attempt: x.Attempt,
		bodiless: bytes.HasPrefix(x.Record[wire.RequestPrefix:], []byte("HEAD ")),
	}
}

// launch hands a departure to the kernel. Until then the exchange stays as it
// is, however long that takes: under another id, or with another request in
// its memory, the record would be run twice.
func (s *Socket) launch(d departure) {
	if s.cfg.Type == Stream {
		s.embark(d)
		return
	}
	err := send(s.server, d.record)
	d.x.sending.CompareAndSwap(d.id, 0)
	s.sends.Done()
	if err != nil {
		s.bounced(d, err)
	}
}

// bounced takes back an exchange that the kernel did not accept.
func (s *Socket) bounced(d departure, err error) {
	var over []ending
	s.mu.Lock()
	if x := d.x; x.state == sent && x.id == d.id {
		switch {
		case x.ask != nothing && x.ask != resend:
			over = s.conclude(over, x, s.verdict(x.ask))
		case errors.Is(err, unix.EMSGSIZE):
			over = s.conclude(over, x, fmt.Errorf("%w: the record is larger than the send buffer", ErrFull))
		default:
			x.Attempt--
			s.requeue(x)
		}
	}
	s.mu.Unlock()
	s.tell(over)
	if !full(err) && !errors.Is(err, unix.EMSGSIZE) {
		s.repair(err.Error())
	}
}

// full tells whether sending failed for want of what there will be more of.
func full(err error) bool {
	for _, scarce := range []error{unix.EAGAIN, unix.ENOBUFS, unix.ENOMEM, unix.EMFILE, unix.ENFILE} {
		if errors.Is(err, scarce) {
			return true
		}
	}
	return false
}

// requeue puts an exchange that nobody runs back into the queue.
func (s *Socket) requeue(x *Exchange) {
	s.land(x)
	x.flight = flight{state: queued, cost: x.cost, trial: x.trial, losses: x.losses}
	s.queue.pushOlder(x)
}

// land takes x out of flight.
func (s *Socket) land(x *Exchange) {
	slot := uint32(x.id % wire.Slots)
	wire.Store(s.ledger.mem, wire.SlotOffset(slot), 0)
	s.slots[slot] = nil
	s.free = append(s.free, slot)
	if !x.held.beside {
		s.window.leave(x.cost)
	}
	if x.streaming {
		s.streaming--
	}
	if s.adopted() && x.seat != nil {
		x.seat.freed()
	}
	x.state, x.id = idle, 0
}

// next returns the exchange that may leave the queue now.
func (s *Socket) next() (departure, bool) {
	x := s.queue.first
	if x == nil || s.held || s.closed || !s.window.room(x.cost) {
		return departure{}, false
	}
	s.queue.remove(x)
	return s.depart(x, Now()), true
}

// refill sends from the queue while there is room in the window. A send that
// bounces ends it: then only a reply makes room.
func (s *Socket) refill() {
	for {
		s.mu.Lock()
		before := s.queue.n
		d, ok := s.next()
		s.mu.Unlock()
		if !ok {
			return
		}
		s.launch(d)
		s.mu.Lock()
		after := s.queue.n
		s.mu.Unlock()
		if after >= before {
			return
		}
	}
}
