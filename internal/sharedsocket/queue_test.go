package sharedsocket

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func TestRequestsWaitForTheFirstWorker(t *testing.T) {
	s := open(t, Config{})
	c := submit(t, s, "ok")
	c.want(t, hire(t, s, 1).pid(), nil)
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
