package main

import (
	"context"
	"fmt"
	"time"
)

// fixedRates compares latencies at parts of the most requests per second that
// the first rival can do.
func fixedRates(connections, workers int) []comparison {
	var most float64 // found out once, and the same for all
	var plan []comparison
	for _, percent := range []int{10, 50, 80} {
		seqpacket := ripServer("seqpacket", workers, "--socket=seqpacket", "--no-access-log")
		stream := ripServer("stream", workers, "--socket=stream", "--no-access-log")
		nginx := nginxStream(workers)
		plan = append(plan, comparison{
			title:  fmt.Sprintf("/ping at %d %% of the most that seqpacket does, %d connections", percent, connections),
			load:   load{path: "/ping", answer: "pong", connections: connections},
			rivals: []*rival{seqpacket, stream, nginx},
			ratios: []ratio{{seqpacket.name, []string{nginx.name}}, {stream.name, []string{nginx.name}}},
			gauge:  &gauge{columns: latencyColumns, measure: atRate(float64(percent)/100, &most), note: openLoopNote},
		})
	}
	return plan
}

const openLoopNote = "Open loop: requests are sent when they are due, and latencies count from then. Less is better."

var latencyColumns = []column{{"p99", seconds}, {"p50", seconds}, {"p99.9", seconds}, {"requests/s", whole}}

// atRate measures at that part of most, which is what the first target that it
// sees does when it gets as many as it takes.
func atRate(part float64, most *float64) func(context.Context, *target, load, time.Duration) (sample, error) {
	return func(ctx context.Context, t *target, l load, d time.Duration) (sample, error) {
		if *most == 0 {
			var err error
			if *most, _, err = new(openLoop).run(ctx, t.address, l.path, l.connections, 0, 3*time.Second); err != nil {
				return nil, err
			}
		}
		rate, latencies, err := new(openLoop).run(ctx, t.address, l.path, l.connections, part**most, d)
		if err != nil || len(latencies) == 0 {
			return nil, fmt.Errorf("no answer: %w", err)
		}
		at := func(part float64) float64 { return latencies[int(part*float64(len(latencies)-1))].Seconds() }
		return sample{at(0.99), at(0.5), at(0.999), rate}, nil
	}
}
