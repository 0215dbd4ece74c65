package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// calls compares the system calls that a request costs. Counting slows all of
// them down, so it is a comparison of its own.
func calls(connections int) comparison {
	const workers = 4
	c := pool(connections, workers)
	c.title = "system calls of " + c.title
	c.needs = []tool{{"perf", "linux-perf"}}
	c.gauge = &gauge{columns: []column{{"per request", tenths}}, measure: countCalls, note: "Less is better."}
	return c
}

func countCalls(ctx context.Context, t *target, l load, d time.Duration) (sample, error) {
	perf := exec.CommandContext(ctx, "perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-p", strings.Join(t.processes(), ","),
		"--timeout", strconv.FormatInt(d.Milliseconds(), 10))
	var counts strings.Builder
	perf.Stderr = &counts
	if err := perf.Start(); err != nil {
		return nil, err
	}
	s, err := l.wrk(ctx, t.place, t.url, d)
	if e := perf.Wait(); err == nil {
		err = e
	}
	if err != nil {
		return nil, fmt.Errorf("%w %s", err, counts.String())
	}
	count, _, _ := strings.Cut(counts.String(), ",")
	n, err := strconv.ParseFloat(count, 64)
	return sample{n / (s[0] * d.Seconds())}, err
}
