package sharedsocket

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/wire"
)

func request(lines ...string) *Exchange {
	head := strings.Join(lines, "\r\n") + "\r\n\r\n"
	return &Exchange{Record: append(make([]byte, wire.RequestPrefix), head...), Head: len(head)}
}

func withBody(x *Exchange, body string, file bool) *Exchange {
	x.Record = append(x.Record, body...)
	x.BodyFile = file
	return x
}

func TestFingerprint(t *testing.T) {
	q := newQuarantine(time.Second)
	plain := func() *Exchange {
		return request("POST /a?b=c HTTP/1.1", "Host: x", "Cookie: k=v", "Content-Length: 3")
	}
	same := map[string]*Exchange{
		"the same":     plain(),
		"another id":   request("POST /a?b=c HTTP/1.1", "Host: x", "Cookie: k=v", "X-Request-Id: 2", "Content-Length: 3"),
		"another time": request("POST /a?b=c HTTP/1.1", "Host: x", "x-request-start: t=1", "Cookie: k=v", "Content-Length: 3"),
		"another span": request("POST /a?b=c HTTP/1.1", "Host: x", "Cookie: k=v", "traceparent: 00-1", "Content-Length: 3"),
	}
	other := map[string]*Exchange{
		"method": request("PUT /a?b=c HTTP/1.1", "Host: x", "Cookie: k=v", "Content-Length: 3"),
		"path":   request("POST /b?b=c HTTP/1.1", "Host: x", "Cookie: k=v", "Content-Length: 3"),
		"query":  request("POST /a?b=d HTTP/1.1", "Host: x", "Cookie: k=v", "Content-Length: 3"),
		"cookie": request("POST /a?b=c HTTP/1.1", "Host: x", "Cookie: k=w", "Content-Length: 3"),
		"field":  request("POST /a?b=c HTTP/1.1", "Host: x", "Cookie: k=v", "X-Request-Idea: 2", "Content-Length: 3"),
		"length": request("POST /a?b=c HTTP/1.1", "Host: x", "Cookie: k=v", "Content-Length: 4"),
	}
	want := q.fingerprint(withBody(plain(), "abc", false))
	for name, x := range same {
		if q.fingerprint(withBody(x, "abc", false)) != want {
			t.Errorf("%s makes it another request", name)
		}
	}
	for name, x := range other {
		if q.fingerprint(withBody(x, "abc", false)) == want {
			t.Errorf("another %s makes it no other request", name)
		}
	}
	if q.fingerprint(withBody(plain(), "abd", false)) == want {
		t.Error("another body makes it no other request")
	}
	if q.fingerprint(withBody(plain(), "/spool/1", true)) != q.fingerprint(withBody(plain(), "/spool/2", true)) {
		t.Error("another spool file makes it another request")
	}
}

func TestQuarantineGrowsAndEnds(t *testing.T) {
	const (
		print  = 7
		second = uint64(time.Second)
	)
	q := newQuarantine(30 * time.Second)
	refused := func(now uint64) time.Duration {
		t.Helper()
		_, err := q.admit(print, now)
		if err == nil {
			return 0
		}
		return err.(*QuarantineError).Left
	}
	q.strike(print, 1*second, false)
	if q.strike(print, 62*second, false) || q.armed.Load() != 0 {
		t.Error("two deaths in more than a minute began a quarantine")
	}
	if !q.strike(print, 63*second, false) || q.armed.Load() != 1 {
		t.Error("two deaths within a minute began none")
	}
	if q.strike(print, 64*second, false) {
		t.Error("a third one began another")
	}
	if left := refused(73 * second); left != 20*time.Second {
		t.Errorf("%v are left after 10 s, want 20 s", left)
	}
	// Each trial that fails makes it longer, up to a limit.
	now := 93 * second
	for _, want := range []time.Duration{60, 120, 120} {
		if trial, err := q.admit(print, now); trial != print || err != nil {
			t.Fatalf("after the quarantine: trial %d, error %v", trial, err)
		}
		if refused(now) == 0 {
			t.Error("two trials at once")
		}
		q.strike(print, now, true)
		if left := refused(now); left != want*time.Second {
			t.Errorf("%v after a failed trial, want %v", left, want*time.Second)
		}
		now += uint64(want) * second
	}
	q.forget(now + 59*second)
	if q.armed.Load() != 1 {
		t.Error("forgotten before its time")
	}
	q.forget(now + 61*second)
	if q.armed.Load() != 0 || len(q.suspects) != 0 {
		t.Errorf("never forgotten: %d, %v", q.armed.Load(), q.suspects)
	}
}

func TestSuspectsAreBounded(t *testing.T) {
	q := newQuarantine(time.Second)
	for print := range uint64(2 * maxSuspects) {
		q.strike(print, 1, false)
	}
	if len(q.suspects) != maxSuspects {
		t.Errorf("%d suspects", len(q.suspects))
	}
}

// die has a worker run a request that kills it.
func die(t *testing.T, s *Socket, number int) {
	t.Helper()
	h := hire(t, s, number)
	submit(t, s, "die").want(t, "", ErrDied)
	<-h.dead
	<-h.seat.Resolved()
}

func TestRequestThatKillsIsQuarantined(t *testing.T) {
	s := open(t, Config{Quarantine: time.Hour})
	die(t, s, 1)
	die(t, s, 2)
	err := s.Submit(&newCall("die").x)
	if e, ok := errors.AsType[*QuarantineError](err); !ok || !errors.Is(err, ErrQuarantined) || e.Left > time.Hour || e.Left < 59*time.Minute {
		t.Fatalf("the third one: %v", err)
	}
	h := hire(t, s, 3)
	submit(t, s, "another").want(t, h.pid(), nil)
	s.Forgive()
	submit(t, s, "die").want(t, "", ErrDied)
}

func TestQuarantineOff(t *testing.T) {
	s := open(t, Config{})
	for number := range 3 {
		die(t, s, number+1)
	}
}

// The rest of a crowd of the same request is not fed to the workers either.
func TestQuarantineReachesWhoWaits(t *testing.T) {
	s := open(t, Config{Quarantine: time.Hour})
	var crowd []*call
	for range 50 {
		crowd = append(crowd, submit(t, s, "die"))
	}
	other := submit(t, s, "another")
	s.Hold() // those that are sent again wait in the other part of the queue
	hire(t, s, 1)
	s.Release()
	hire(t, s, 2)
	died := 0
	for _, c := range crowd {
		switch c.wait(t); {
		case errors.Is(c.err, ErrDied):
			died++
		case !errors.Is(c.err, ErrQuarantined):
			t.Errorf("ended with %v", c.err)
		}
	}
	if died != 2 {
		t.Errorf("%d workers died", died)
	}
	h := hire(t, s, 3)
	other.want(t, h.pid(), nil)
}

func TestTrialEndsQuarantine(t *testing.T) {
	s := open(t, Config{Quarantine: time.Hour})
	good := newCall("good")
	s.mu.Lock()
	print := s.suspects.fingerprint(&good.x)
	s.suspects.strike(print, Now(), false)
	s.suspects.strike(print, Now(), false)
	s.suspects.suspects[print].until = Now() // an hour later
	s.mu.Unlock()
	if err := s.Submit(&good.x); err != nil {
		t.Fatal(err)
	}
	if err := s.Submit(&newCall("good").x); !errors.Is(err, ErrQuarantined) {
		t.Errorf("while one is on trial: %v", err)
	}
	h := hire(t, s, 1)
	good.want(t, h.pid(), nil)
	if s.suspects.armed.Load() != 0 {
		t.Error("the quarantine goes on after a trial that succeeded")
	}
	submit(t, s, "good").want(t, h.pid(), nil)
}

// A worker that was told to go, and then killed because it took long, has not
// died of its request.
func TestKilledWhileLeavingIsNoDeathByRequest(t *testing.T) {
	s := open(t, Config{Quarantine: time.Hour})
	for number := range 3 {
		h := hire(t, s, number+1)
		c := submit(t, s, "hang")
		h.runs(t)
		if !h.seat.Leave() {
			t.Fatal("it runs nothing")
		}
		if err := h.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		c.want(t, "", ErrDied)
	}
}

func TestDiedIsToldBeforeTheSink(t *testing.T) {
	var told []string
	s := open(t, Config{RequestTimeout: 50 * time.Millisecond, Died: func(x *Exchange, err error) {
		head, body, file := x.Message()
		told = append(told, fmt.Sprintf("%s %.6s %s%s %d %v", x.Label, head, body, file, x.Worker, err))
	}})
	hire(t, s, 1)
	submit(t, s, "ok").wait(t)
	submit(t, s, "die").wait(t)
	hire(t, s, 2)
	submit(t, s, "half").wait(t)
	h := hire(t, s, 3)
	submit(t, s, "hang").wait(t)
	want := []string{
		"label of die POST / die 1 " + ErrDied.Error(),
		"label of half POST / half 2 " + ErrDied.Error(),
		"label of hang POST / hang 3 " + ErrTimeout.Error(),
	}
	if strings.Join(told, "\n") != strings.Join(want, "\n") {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	if label, _, ok := h.seat.Running(); label != "label of hang" || !ok {
		t.Errorf("the hung worker runs %q, %v", label, ok)
	}
}

// A client that is gone changes nothing: the worker died of its request.
func TestDiedIsToldOfWithdrawnRequests(t *testing.T) {
	told := make(chan error, 1)
	s := open(t, Config{Died: func(_ *Exchange, err error) { told <- err }})
	h := hire(t, s, 1)
	c := submit(t, s, "hang")
	h.runs(t)
	s.Withdraw(&c.x)
	s.barrier.wait()
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.want(t, "", ErrWithdrawn)
	if err := <-told; !errors.Is(err, ErrDied) {
		t.Errorf("told %v", err)
	}
}

func BenchmarkLookWithoutSuspects(b *testing.B) {
	q := newQuarantine(time.Second)
	x := request("GET / HTTP/1.1", "Host: x")
	for b.Loop() {
		q.look(x)
	}
}

func BenchmarkLookWithSuspects(b *testing.B) {
	q := newQuarantine(time.Second)
	q.armed.Store(1)
	x := request("GET / HTTP/1.1", "Host: x", "User-Agent: "+strings.Repeat("x", 100), "Accept: */*", "Cookie: "+strings.Repeat("x", 200),
		"X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http", "X-Request-Id: 1", "X-Request-Start: t=1.000")
	for b.Loop() {
		q.look(x)
	}
}
