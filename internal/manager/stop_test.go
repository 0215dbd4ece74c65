package manager

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

func TestStopLetsARequestFinish(t *testing.T) {
	a := newApp(t, 2, "good").serve()
	c := a.ask("sleep 200")
	a.taken("sleep 200")
	if err := a.Stop(context.Background()); err != nil {
		t.Error(err)
	}
	select {
	case <-c.done:
	default:
		t.Fatal("Stop returned before the reply was delivered")
	}
	if got, err := a.answer(c); err != nil || !strings.HasPrefix(got, "good ") {
		t.Errorf("answered %q, %v", got, err)
	}
	if err := a.Restart(context.Background(), nil); !errors.Is(err, ErrStopped) {
		t.Errorf("restart after stop: %v", err)
	}
}

func TestStopInTheMiddleOfAStart(t *testing.T) {
	for i := range 30 {
		a := newApp(t, 2, "slow 5")
		a.start()
		time.Sleep(time.Duration(i) * time.Millisecond / 2) // another moment each time
		if err := a.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

func TestStopInTheMiddleOfARestart(t *testing.T) {
	a := newApp(t, 2, "good").serve()
	code := "sleep"
	a.code.Store(&code)
	done := make(chan error, 1)
	go func() { done <- a.Restart(context.Background(), nil) }()
	a.logged(1, `msg="worker started"`, "generation=2")
	if err := a.Stop(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, ErrStopped) {
		t.Errorf("restart returned %v, want %v", err, ErrStopped)
	}
}

func TestStopKillsAfterTheDrainTimeout(t *testing.T) {
	a := newApp(t, 2, "good", func(c *Config) { c.DrainTimeout = 50 * time.Millisecond }).serve()
	a.kills = true
	c := a.ask("hang")
	a.taken("hang")
	if err := a.Stop(context.Background()); err == nil || !strings.HasPrefix(err.Error(), "1 workers did not stop") {
		t.Errorf("error %v", err)
	}
	if _, err := a.answer(c); !errors.Is(err, sharedsocket.ErrDied) {
		t.Errorf("error %v, want %v", err, sharedsocket.ErrDied)
	}
}

func TestStopIsHurried(t *testing.T) {
	a := newApp(t, 2, "deaf").serve()
	a.kills = true
	c := a.ask("hang")
	a.taken("hang")
	first := make(chan error, 1)
	go func() { first <- a.Stop(context.Background()) }()
	a.logged(1, `msg="workers are told to stop"`)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := a.Stop(ctx); err == nil || !strings.HasPrefix(err.Error(), "2 workers did not stop") {
		t.Errorf("error %v", err)
	}
	<-first
	if _, err := a.answer(c); !errors.Is(err, sharedsocket.ErrDied) {
		t.Errorf("error %v, want %v", err, sharedsocket.ErrDied)
	}
}
