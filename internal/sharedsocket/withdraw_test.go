package sharedsocket

import (
	"testing"

	"github.com/rip-server/rip-server/internal/wire"
)

func TestDeathBeforeTheClaim(t *testing.T) {
	s := open(t, Config{})
	first := hire(t, s, 1)
	c := submit(t, s, "die-unclaimed")
	<-first.dead // else the second one may be first to receive it, and dies of it
	h := hire(t, s, 2)
	c.want(t, h.pid(), nil)
	if c.x.Attempt != 2 {
		t.Errorf("attempt %d, want 2", c.x.Attempt)
	}
}

func TestLeaveGivesBack(t *testing.T) {
	s := open(t, Config{})
	first := hire(t, s, 1)
	if first.seat.Leave() {
		t.Fatal("an idle worker is running something")
	}
	c := submit(t, s, "ok")
	second := hire(t, s, 2)
	c.want(t, second.pid(), nil)
}

// A worker that was seen to claim a request, gives it back because it has to
// leave, and is gone a moment later has not run it.
func TestGivesBackWhatItWasSeenToClaim(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	c := submit(t, s, "wait-claimed")
	eventually(t, "it claims the request", func() bool { return h.seat.word(wire.RowClaim) != 0 })
	if !h.seat.Leave() {
		t.Error("the claim is not seen")
	}
	h.goOnWhenSeen(t, c)
	<-h.dead
	c.want(t, hire(t, s, 2).pid(), nil)
}

// A worker that has to leave claims what it receives all the same. When it dies
// before it gives that back, it has run nothing.
func TestDiesWhileItGivesBack(t *testing.T) {
	s := open(t, Config{})
	first := hire(t, s, 1)
	if first.seat.Leave() {
		t.Fatal("an idle worker is running something")
	}
	c := submit(t, s, "die-looking")
	<-first.seat.Resolved()
	c.want(t, hire(t, s, 2).pid(), nil)
}

// A request whose send has not begun, as that of a thread that the kernel lets wait,
// is neither sent again under another id nor over: the same memory would go out
// twice.
func TestSendThatHasNotBegun(t *testing.T) {
	for name, part := range map[string]struct {
		meanwhile func(*Socket, *call)
		want      error
	}{
		"another worker dies": {func(s *Socket, _ *call) { die(t, s, 1) }, nil},
		"its client leaves":   {func(s *Socket, c *call) { s.Withdraw(&c.x) }, ErrWithdrawn},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, Config{})
			c := newCall("ok")
			s.mu.Lock()
			c.x.flight = flight{cost: len(c.x.Record) + recordOverhead}
			d := s.depart(&c.x, Now())
			s.mu.Unlock()
			part.meanwhile(s, c)
			for range 3 {
				s.barrier.wait()
			}
			s.mu.Lock()
			if c.x.state != sent || c.x.id != d.id || c.x.Attempt != 1 {
				t.Errorf("state %d, id %d, attempt %d, want it to stay as it was", c.x.state, c.x.id, c.x.Attempt)
			}
			s.mu.Unlock()
			s.launch(d)
			h := hire(t, s, 2)
			if c.wait(t); c.err != part.want || h.seat.Done() > 1 {
				t.Errorf("error %v, want %v; run %d times", c.err, part.want, h.seat.Done())
			}
		})
	}
}

func TestWithdraw(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	running := submit(t, s, "sleep 300")
	h.runs(t)
	waiting := submit(t, s, "ok")
	s.Withdraw(&waiting.x)
	waiting.want(t, "", ErrWithdrawn)
	s.Withdraw(&running.x)
	running.want(t, "", ErrWithdrawn)
	submit(t, s, "ok").want(t, h.pid(), nil)
	if h.seat.Done() != 2 {
		t.Errorf("done = %d, want 2: a withdrawn request that waits must not run", h.seat.Done())
	}
}
