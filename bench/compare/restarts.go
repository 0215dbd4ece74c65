package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// restarts compares the latencies of a pool that is being replaced all the time
// with those of one that is not.
func restarts(connections int) comparison {
	const workers = 8
	calm := ripServer("as it is", workers, "--no-access-log", "--hot-reload=process")
	restarted := ripServer("one rolling restart after the other", workers, "--no-access-log", "--hot-reload=process")
	restarted.beside = restart
	return comparison{
		title:  fmt.Sprintf("/ping during restarts, %d Go workers, %d connections", workers, connections),
		load:   load{path: "/ping", answer: "pong", connections: connections},
		rivals: []*rival{calm, restarted},
		ratios: []ratio{{restarted.name, []string{calm.name}}},
		gauge: &gauge{
			columns: []column{{"p99", seconds}, {"p50", seconds}, {"requests/s", whole}},
			note:    "Less is better.",
			measure: tail,
		},
	}
}

// restart replaces the workers of the one server whose run folder is dir.
func restart(ctx context.Context, t *target) error {
	cmd := exec.CommandContext(ctx, filepath.Join(t.place.dir, "rip-server"), "restart")
	cmd.Env = append(os.Environ(), "RIP_RUN_DIR="+t.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("restart: %w\n%s", err, out)
	}
	return nil
}

// tail is what wrk measures with p99 first.
func tail(ctx context.Context, t *target, l load, d time.Duration) (sample, error) {
	s, err := l.wrk(ctx, t.place, t.url, d)
	if err != nil {
		return nil, err
	}
	return sample{s[2], s[1], s[0]}, nil
}
