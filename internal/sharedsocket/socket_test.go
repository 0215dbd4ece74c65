package sharedsocket

import (
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

func isErr(err, want error) bool { return errors.Is(err, want) }

func open(t *testing.T, cfg Config) *Socket {
	t.Helper()
	if cfg.MaxQueue == 0 {
		cfg.MaxQueue = 1000
	}
	cfg.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.window.n != 0 || s.window.bytes != 0 || s.streaming != 0 || s.queue.n != 0 {
			t.Errorf("left in flight: %+v, streaming %d, queued %d", s.window, s.streaming, s.queue.n)
		}
	})
	return s
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !f(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not so in time: %s", what)
		}
	}
}

func TestWorkersEndBlocks(t *testing.T) {
	s := open(t, Config{})
	seat, err := s.Join(1, func(Event) {})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { seat.Started(); seat.Gone(); <-seat.Resolved() }()
	flags, err := unix.FcntlInt(seat.Files()[0].Fd(), unix.F_GETFL, 0)
	if err != nil || flags&unix.O_NONBLOCK != 0 {
		t.Fatalf("flags of the workers' end: %#x, error %v; want it to block", flags, err)
	}
}

func TestReply(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 3)
	c := submit(t, s, "ok")
	c.want(t, h.pid(), nil)
	if c.x.Worker != 3 || c.x.Attempt != 1 || c.head == "" {
		t.Errorf("worker %d, attempt %d, head %q", c.x.Worker, c.x.Attempt, c.head)
	}
	submit(t, s, "parts 100").wait(t)
	if h.seat.Done() != 2 {
		t.Errorf("done = %d, want 2", h.seat.Done())
	}
}

func TestRequestsWaitForTheFirstWorker(t *testing.T) {
	s := open(t, Config{})
	c := submit(t, s, "ok")
	c.want(t, hire(t, s, 1).pid(), nil)
}

func TestDeathOfTheHolder(t *testing.T) {
	s := open(t, Config{})
	hire(t, s, 1)
	c := submit(t, s, "die")
	c.want(t, "", ErrDied)
	c = submit(t, s, "ok")
	c.want(t, hire(t, s, 2).pid(), nil)
	c = submit(t, s, "half")
	c.want(t, "half of it", ErrDied)
}

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

func TestQueueTimeout(t *testing.T) {
	s := open(t, Config{QueueTimeout: 100 * time.Millisecond})
	h := hire(t, s, 1)
	running := submit(t, s, "sleep 500")
	h.runs(t)
	waiting := submit(t, s, "ok")
	waiting.want(t, "", ErrQueueTimeout)
	running.want(t, h.pid(), nil)
	submit(t, s, "ok").want(t, h.pid(), nil)
	if h.seat.Done() != 2 {
		t.Errorf("done = %d, want 2: the one that waited too long must not run", h.seat.Done())
	}
}

func TestRequestTimeout(t *testing.T) {
	s := open(t, Config{RequestTimeout: 200 * time.Millisecond})
	h := hire(t, s, 1)
	c := submit(t, s, "hang")
	c.want(t, "", ErrTimeout)
	if e := h.expect(t, EventHung); e.Label != c.x.Label {
		t.Errorf("label %q, want %q", e.Label, c.x.Label)
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

func TestFull(t *testing.T) {
	s := open(t, Config{MaxQueue: 2})
	a, b := submit(t, s, "ok"), submit(t, s, "ok")
	if err := s.Submit(&newCall("ok").x); !errors.Is(err, ErrFull) {
		t.Errorf("third: %v, want ErrFull", err)
	}
	s.SetNoWorkers("it has a bug")
	a.want(t, "", ErrNoWorkers)
	b.want(t, "", ErrNoWorkers)
	if err := s.Submit(&newCall("ok").x); !errors.Is(err, ErrNoWorkers) {
		t.Errorf("Submit: %v, want ErrNoWorkers", err)
	}
	s.SetNoWorkers("")
	c := submit(t, s, "ok")
	c.want(t, hire(t, s, 1).pid(), nil)
}

func TestHold(t *testing.T) {
	const timeout = 10 * time.Second
	s := open(t, Config{QueueTimeout: timeout})
	h := hire(t, s, 1)
	s.Hold()
	c := submit(t, s, "ok")
	if n := s.Counts(); n.Queued != 1 {
		t.Errorf("counts %+v, want one queued", n)
	}
	s.look(Now() + 2*uint64(timeout)) // the time of the hold is no waiting
	s.Release()
	c.want(t, h.pid(), nil)
}

func TestOrderAndOverflow(t *testing.T) {
	s := open(t, Config{MaxQueue: 10000, SendBuffer: 4096})
	var calls []*call
	for range 500 {
		calls = append(calls, submit(t, s, "ok"))
	}
	h := hire(t, s, 1)
	var took []uint64
	for _, c := range calls {
		c.want(t, h.pid(), nil)
		took = append(took, c.x.Took)
	}
	if !slices.IsSorted(took) {
		t.Error("not served in order")
	}
}

func TestBackPressure(t *testing.T) {
	s := open(t, Config{RequestTimeout: 300 * time.Millisecond})
	h := hire(t, s, 1)
	c := newCall("parts 5000")
	c.stop, c.part = make(chan struct{}), make(chan struct{}, 10000)
	if err := s.Submit(&c.x); err != nil {
		t.Fatal(err)
	}
	<-c.part
	time.Sleep(600 * time.Millisecond) // longer than the timeout, which must not run
	if len(c.part) != 0 {
		t.Error("a part came while there was no room")
	}
	close(c.stop)
	c.wait(t)
	if c.err != nil || c.body.Len() != 5000*1000 {
		t.Errorf("error %v, %d bytes", c.err, c.body.Len())
	}
	submit(t, s, "ok").want(t, h.pid(), nil)
}

func TestWithdrawUnderBackPressure(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	c := newCall("parts 5000")
	c.stop, c.part = make(chan struct{}), make(chan struct{}, 10000)
	if err := s.Submit(&c.x); err != nil {
		t.Fatal(err)
	}
	<-c.part
	s.Withdraw(&c.x)
	c.wait(t)
	if !errors.Is(c.err, ErrWithdrawn) {
		t.Errorf("error %v", c.err)
	}
	submit(t, s, "ok").want(t, h.pid(), nil)
}

func TestMisbehaviour(t *testing.T) {
	for _, what := range []string{"twice", "wrong-id", "headless", "nonsense", "ready-twice", "close-replies"} {
		t.Run(what, func(t *testing.T) {
			s := open(t, Config{})
			h := hire(t, s, 1)
			c := submit(t, s, what)
			h.expect(t, EventMisbehaved)
			_ = h.cmd.Process.Kill()
			c.wait(t)
			submit(t, s, "ok").want(t, hire(t, s, 2).pid(), nil)
		})
	}
}

// The end of a worker may show between the moment that a look is for and the look.
func TestEndDuringALook(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	now := Now()
	s.mu.Lock()
	h.seat.closed = now + 1
	s.mu.Unlock()
	s.look(now)
	s.mu.Lock()
	h.seat.closed = 0
	s.mu.Unlock()
	select {
	case e := <-h.events:
		t.Errorf("event %v: %s", e.Kind, e.Reason)
	default:
	}
}

func TestBrokenSocket(t *testing.T) {
	broken := make(chan struct{}, 10)
	s := open(t, Config{Broken: func() { broken <- struct{}{} }})
	h := hire(t, s, 1)
	submit(t, s, "shutdown").want(t, h.pid(), nil)
	c := submit(t, s, "ok")
	select {
	case <-broken:
	case <-time.After(20 * time.Second):
		t.Fatal("nobody noticed")
	}
	c.want(t, hire(t, s, 2).pid(), nil)
}

func TestUnblocked(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	submit(t, s, "unblock").want(t, h.pid(), nil)
	eventually(t, "blocking again", func() bool {
		flags, err := unix.FcntlInt(uintptr(s.workers), unix.F_GETFL, 0)
		return err == nil && flags&unix.O_NONBLOCK == 0
	})
}

func TestSpent(t *testing.T) {
	s := open(t, Config{})
	h := hire(t, s, 1)
	submit(t, s, "spent").want(t, "spent", nil)
	h.expect(t, EventSpent)
}

// TestNothingRunsTwice kills workers under load: every request ends exactly
// once, with a reply or, when a worker held it, with ErrDied.
func TestNothingRunsTwice(t *testing.T) {
	s := open(t, Config{MaxQueue: 100000})
	stop := make(chan struct{})
	var wg sync.WaitGroup
	died := make(chan int, 4)
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n := 0
			for {
				c := newCall("ok")
				if err := s.Submit(&c.x); err != nil {
					t.Error(err)
				}
				<-c.done
				if errors.Is(c.err, ErrDied) {
					n++
				} else if c.err != nil {
					t.Error(c.err)
				}
				select {
				case <-stop:
					died <- n
					return
				default:
				}
			}
		}()
	}
	hands := []*hand{hire(t, s, 1), hire(t, s, 2)}
	const kills = 100
	for i := range kills {
		_ = hands[i%2].cmd.Process.Kill()
		hands[i%2] = hire(t, s, i+3)
	}
	close(stop)
	wg.Wait()
	n := 0
	for range 4 {
		n += <-died
	}
	if n > kills {
		t.Errorf("%d requests died of %d kills", n, kills)
	}
}
