package sharedsocket

import (
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
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

func TestRequestTimeout(t *testing.T) {
	s := open(t, Config{RequestTimeout: 200 * time.Millisecond})
	h := hire(t, s, 1)
	c := submit(t, s, "hang")
	c.want(t, "", ErrTimeout)
	if e := h.expect(t, EventHung); e.Label != c.x.Label {
		t.Errorf("label %q, want %q", e.Label, c.x.Label)
	}
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
