package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const warmUp = time.Second

// A load is what wrk is asked to do.
type load struct {
	path        string
	answer      string // the body that every answer must have
	connections int
}

// A sample is the outcome of one measurement.
type sample struct {
	rate     float64 // requests per second
	p50, p99 time.Duration
}

// measure runs wrk. Any answer that is not a 2xx and any socket error makes it
// fail: a rival that drops requests is not fast.
func (l load) measure(ctx context.Context, url string, d time.Duration) (sample, error) {
	out, err := exec.CommandContext(ctx, "wrk", "--latency", "-t2",
		"-c"+strconv.Itoa(l.connections), fmt.Sprintf("-d%ds", int(d.Seconds())), url).CombinedOutput()
	if err != nil {
		return sample{}, fmt.Errorf("wrk: %w\n%s", err, out)
	}
	return parseWrk(string(out))
}

var (
	rateLine    = regexp.MustCompile(`(?m)^Requests/sec:\s+([\d.]+)`)
	latencyLine = regexp.MustCompile(`(?m)^\s+(50|99)%\s+([\d.]+(?:us|ms|s|m))$`)
)

func parseWrk(out string) (sample, error) {
	for _, bad := range []string{"Socket errors", "Non-2xx"} {
		if i := strings.Index(out, bad); i >= 0 {
			line, _, _ := strings.Cut(out[i:], "\n")
			return sample{}, errors.New("wrk: " + line)
		}
	}
	var s sample
	rate := rateLine.FindStringSubmatch(out)
	latencies := latencyLine.FindAllStringSubmatch(out, -1)
	if rate == nil || len(latencies) != 2 {
		return s, fmt.Errorf("wrk printed something new:\n%s", out)
	}
	var err error
	if s.rate, err = strconv.ParseFloat(rate[1], 64); err != nil {
		return s, err
	}
	if s.p50, err = time.ParseDuration(latencies[0][2]); err != nil {
		return s, err
	}
	s.p99, err = time.ParseDuration(latencies[1][2])
	return s, err
}
