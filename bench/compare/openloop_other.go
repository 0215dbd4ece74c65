//go:build !linux

package main

import (
	"context"
	"errors"
	"time"
)

// openLoop needs epoll and timerfd.
type openLoop struct{}

func (*openLoop) run(context.Context, string, string, int, float64, time.Duration) (float64, []time.Duration, error) {
	return 0, nil, errors.New("requests at a fixed rate can be sent on Linux only")
}
