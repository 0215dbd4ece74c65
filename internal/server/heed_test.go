package server

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestHeed(t *testing.T) {
	for name, test := range map[string]struct {
		sent []os.Signal
		ends bool
		left []os.Signal // for the server that has started, or for its end
	}{
		"none":           {},
		"TERM":           {[]os.Signal{syscall.SIGTERM}, true, []os.Signal{syscall.SIGTERM}},
		"HUP":            {[]os.Signal{syscall.SIGHUP, syscall.SIGHUP}, false, []os.Signal{syscall.SIGHUP}},
		"HUP, then TERM": {[]os.Signal{syscall.SIGHUP, syscall.SIGTERM}, true, []os.Signal{syscall.SIGTERM}},
	} {
		t.Run(name, func(t *testing.T) {
			starting, cancel := context.WithCancel(t.Context())
			defer cancel()
			signals := make(chan os.Signal, 8)
			over := make(chan struct{})
			go func() {
				heed(starting, cancel, signals)
				close(over)
			}()
			for _, sig := range test.sent {
				signals <- sig
			}
			if test.ends {
				<-over
				if starting.Err() == nil {
					t.Error("the start was not ended")
				}
			} else {
				for len(signals) > 0 { // until it has taken them all
					time.Sleep(time.Millisecond)
				}
				if starting.Err() != nil {
					t.Error("the start was ended")
				}
				cancel()
				<-over
			}
			var left []os.Signal
			for len(signals) > 0 {
				left = append(left, <-signals)
			}
			if len(left) != len(test.left) || len(left) > 0 && left[0] != test.left[0] {
				t.Errorf("left %v, want %v", left, test.left)
			}
		})
	}
}
