package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// The gauges here start the rival anew for every measurement: what it has done
// before would be part of the number.

// startUp compares the time from the start of a program, its app built already,
// to the first right answer.
func startUp() comparison {
	const workers = 4
	ours, nginx, gunicorn := ripServer("rip-server", workers, "--no-access-log"), nginxStream(workers), nginxGunicorn(labPython, workers)
	return comparison{
		title:  fmt.Sprintf("start to first answer, %d workers", workers),
		load:   load{path: "/ping", answer: "pong", connections: 1},
		rivals: []*rival{ours, nginx, gunicorn},
		ratios: []ratio{{ours.name, []string{nginx.name}}},
		needs:  []tool{{"gunicorn", "gunicorn"}},
		gauge: &gauge{
			columns: []column{{"seconds", seconds}},
			note:    "Less is better.",
			measure: func(ctx context.Context, t *target, l load, _ time.Duration) (sample, error) {
				start := time.Now()
				fresh, err := t.rival.launch(ctx, t.place, l)
				if err != nil {
					return nil, err
				}
				took := time.Since(start)
				fresh.stop()
				return sample{took.Seconds()}, nil
			},
		},
	}
}

// idle compares the memory of connections that have had an answer and wait.
func idle(connections int) comparison {
	ours, nginx := ripServer("rip-server", 4, "--no-access-log"), nginxReturn()
	return comparison{
		title:  fmt.Sprintf("%d idle connections", connections),
		load:   load{path: "/server", answer: "ok", connections: connections},
		rivals: []*rival{ours, nginx},
		ratios: []ratio{{ours.name, []string{nginx.name}}},
		gauge: &gauge{
			columns: []column{{"bytes of memory per connection", whole}},
			note:    "In user space: what the kernel needs for a connection is the same for all. Less is better.",
			measure: func(ctx context.Context, t *target, l load, _ time.Duration) (sample, error) {
				fresh, err := t.rival.launch(ctx, t.place, l)
				if err != nil {
					return nil, err
				}
				defer fresh.stop()
				before, err := fresh.memory(ctx)
				if err != nil {
					return nil, err
				}
				for range connections {
					conn, err := fresh.ask(ctx, l)
					if err != nil {
						return nil, err
					}
					defer conn.Close()
				}
				after, err := fresh.memory(ctx)
				return sample{(after - before) / float64(connections)}, err
			},
		},
	}
}

// ask makes a connection, has one answer on it and keeps it.
func (t *target) ask(ctx context.Context, l load) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", t.address)
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", l.path, t.address); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 512), nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || string(body) != l.answer {
		return nil, fmt.Errorf("answer %q: %w", body, err)
	}
	return conn, nil
}
