package sharedsocket

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/wire"
)

// runBadly is what the worker of the tests does that lies with its row.
func runBadly(r wire.Request, what string, row, ledger []byte, leave int, word <-chan os.Signal) {
	switch what {
	case "let-go":
		<-word
		wire.Store(row, wire.RowClaim, 0)
		select {}
	case "let-go-halfway":
		put(wire.Reply{Type: wire.TypeReply, Slot: r.Slot, ID: r.ID}, "HTTP/1.1 200 OK\r\n\r\n", "half of it")
		<-word
		wire.Store(row, wire.RowClaim, 0)
		select {}
	case "hide":
		wire.Store(row, wire.RowClaim, 0)
		select {}
	case "miscount":
		wire.Store(row, wire.RowDone, 1<<40)
		select {}
	case "prattle":
		for {
			put(wire.Reply{Type: wire.TypeGivenBack}, "", "")
		}
	case "reload-without-end":
		for {
			put(wire.Reply{Type: wire.TypeReloaded}, "", strings.Repeat("x", 1<<16))
		}
	case "scribble":
		for {
			wire.Store(row, wire.RowClaim, rand.Uint64()|1)
		}
	case "steal":
		id := otherThan(r.ID, ledger)
		put(wire.Reply{Type: wire.TypeReply, Flags: wire.FlagFinal, Slot: uint32(id % wire.Slots), ID: id}, "HTTP/1.1 200 OK\r\n\r\n", "stolen")
		select {}
	case "claim-when-left":
		for wire.Load(ledger, leave) == 0 {
			time.Sleep(time.Millisecond)
		}
		<-word
		wire.Store(row, wire.RowClaim, otherThan(r.ID, ledger))
		select {}
	case "claim-another":
		wire.Store(row, wire.RowClaim, otherThan(r.ID, ledger))
		<-word
		wire.Store(row, wire.RowClaim, r.ID)
		select {}
	}
}

// otherThan waits for another request in the ledger and returns its id.
func otherThan(id uint64, ledger []byte) uint64 {
	for {
		for slot := range uint32(16) {
			if other := wire.Load(ledger, wire.SlotOffset(slot)); other != 0 && other != id {
				return other
			}
		}
	}
}

// fire kills a worker and waits until nothing of it is left.
func (h *hand) fire() {
	_ = h.cmd.Process.Kill()
	<-h.dead
	<-h.seat.Resolved()
}

// A reply to a request that waits for a worker is not believed, and the request
// not lost.
func TestReplyToARequestThatWaits(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	thief := submit(t, s, "steal")
	h.runs(t)
	c := submit(t, s, "ok")
	h.expect(t, EventMisbehaved)
	h.fire()
	c.want(t, hire(t, s, 2).pid(), nil)
	thief.want(t, "", ErrDied)
}

// A worker that claims what it has not received loses it nothing.
func TestClaimOfARequestThatWaits(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	liar := submit(t, s, "claim-another")
	h.runs(t)
	c := submit(t, s, "ok")
	h.goOnWhenSeen(t, c)
	h.expect(t, EventMisbehaved)
	h.fire()
	c.want(t, hire(t, s, 2).pid(), nil)
	liar.want(t, "", ErrBadReply)
}

// Nor does one that claims it after it was told to take nothing more.
func TestClaimByAWorkerThatLeaves(t *testing.T) {
	s := open(t, Config{RequestTimeout: 300 * time.Millisecond})
	h := hire(t, s, 1)
	liar := submit(t, s, "claim-when-left")
	h.runs(t)
	c := submit(t, s, "ok")
	h.expect(t, EventHung)
	h.goOn(t)
	eventually(t, "it claims another", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return wire.Load(h.seat.row.mem, wire.RowClaim) == c.x.id
	})
	h.fire()
	c.want(t, hire(t, s, 2).pid(), nil)
	liar.want(t, "", ErrTimeout)
}

// A request that its worker let go of without a word is not run by another one.
func TestLapse(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	c := submit(t, s, "let-go")
	h.goOnWhenSeen(t, c)
	h.expect(t, EventMisbehaved)
	h.fire()
	c.want(t, "", ErrBadReply)
	next := hire(t, s, 2)
	submit(t, s, "ok").want(t, next.pid(), nil)
	if next.seat.Done() != 1 {
		t.Errorf("done = %d, want 1", next.seat.Done())
	}
}

// Nor does one last for ever whose worker has answered a part of it before.
func TestLapseHalfway(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	c := newCall("let-go-halfway")
	c.part = make(chan struct{}, 1)
	if err := s.Submit(&c.x); err != nil {
		t.Fatal(err)
	}
	<-c.part // without a claim it would not be believed
	h.goOn(t)
	h.expect(t, EventMisbehaved)
	c.want(t, "half of it", ErrBadReply)
	h.fire()
	submit(t, s, "ok").want(t, hire(t, s, 2).pid(), nil)
}

// A row with numbers that cannot be is noticed although nobody asks for it.
func TestWrongCount(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	c := submit(t, s, "miscount")
	h.expect(t, EventMisbehaved)
	h.fire()
	c.want(t, "", ErrBadReply) // its claim is not believed either
}

// A worker that writes records without end is noticed, by their number or because
// its request takes too long, although there is always something to read.
func TestPrattle(t *testing.T) {
	for _, what := range []string{"prattle", "reload-without-end"} {
		t.Run(what, func(t *testing.T) {
			s := open(t, Config{RequestTimeout: 200 * time.Millisecond})
			h := hire(t, s, 1)
			c := submit(t, s, what)
			for noticed := false; !noticed; {
				select {
				case e := <-h.events:
					noticed = e.Kind == EventMisbehaved || e.Kind == EventHung
				case <-time.After(20 * time.Second):
					t.Fatal("nobody notices")
				}
			}
			h.fire()
			c.wait(t)
			submit(t, s, "ok").want(t, hire(t, s, 2).pid(), nil)
		})
	}
}

// A worker whose claim is another nonsense every time is noticed too.
func TestOverstayInManyIDs(t *testing.T) {
	s := open(t, Config{RequestTimeout: 300 * time.Millisecond})
	h := hire(t, s, 1)
	c := submit(t, s, "scribble")
	h.expect(t, EventHung)
	s.Withdraw(&c.x)
	c.wait(t)
}

// stopped tells whether each thread has (proc_pid_stat(5)): a signal takes its time.
func (h *hand) stopped() bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", h.cmd.Process.Pid))
	return len(threads) > 0 && !slices.ContainsFunc(threads, func(path string) bool {
		stat, _ := os.ReadFile(path)
		_, after, _ := strings.Cut(string(stat), ") ")
		return !strings.HasPrefix(after, "T")
	})
}

// A worker that was stopped while it had nothing to do is given up when there
// would be something.
func TestStall(t *testing.T) {
	s := open(t, Config{RequestTimeout: 300 * time.Millisecond})
	h := hire(t, s, 1)
	submit(t, s, "ok").want(t, h.pid(), nil)
	if err := h.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "all of it has stopped", h.stopped)
	c := submit(t, s, "ok")
	h.expect(t, EventHung)
	h.fire()
	c.want(t, hire(t, s, 2).pid(), nil)
}

// A request whose workers hide that they run it is not sent to all of them.
func TestHiddenClaim(t *testing.T) {
	s := open(t, Config{})
	var hands []*hand
	for i := range mostLosses {
		hands = append(hands, hire(t, s, i+1))
	}
	submit(t, s, "hide").want(t, "", ErrBadReply)
	for _, h := range hands {
		for e := range h.events { // misbehaved, when the claim was seen for a moment
			if e.Kind == EventSuspect || e.Kind == EventMisbehaved {
				break
			}
		}
		h.fire()
	}
	submit(t, s, "ok").want(t, hire(t, s, 9).pid(), nil)
}
