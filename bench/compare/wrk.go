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

// throughput is the gauge of most comparisons: as many requests as wrk gets
// answered, and the CPU time that each of them costs the rival.
var throughput = gauge{
	columns: []column{{"requests/s", whole}, {"p50", seconds}, {"p99", seconds}, {"CPU µs per request", tenths}},
	measure: func(ctx context.Context, t *target, l load, d time.Duration) (sample, error) {
		before := t.cpu()
		s, err := l.wrk(ctx, t.place, t.url, d)
		if err != nil {
			return nil, err
		}
		return append(s, (t.cpu()-before).Seconds()*1e6/(s[0]*d.Seconds())), nil
	},
}

// wrk returns requests per second and the latencies p50 and p99 in seconds.
// Any answer that is not a 2xx and any socket error makes it fail: a rival that
// drops requests is not fast.
func (l load) wrk(ctx context.Context, p *place, url string, d time.Duration) (sample, error) {
	args := []string{"--latency", "-t" + strconv.Itoa(min(2, l.connections)), "-c" + strconv.Itoa(l.connections), fmt.Sprintf("-d%ds", int(d.Seconds())), url}
	if l.upload > 0 {
		args = append(args, "-s", p.file("bench/upload.lua"), "--", strconv.Itoa(l.upload))
	}
	out, err := exec.CommandContext(ctx, "wrk", args...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("wrk: %w\n%s", err, out)
	}
	return parseWrk(string(out))
}

var (
	rateLine    = regexp.MustCompile(`(?m)^Requests/sec:\s+([\d.]+)`)
	latencyLine = regexp.MustCompile(`(?m)^\s+(50|99)%\s+([\d.]+(?:us|ms|s|m)) *$`) // it pads seconds
)

func parseWrk(out string) (sample, error) {
	for _, bad := range []string{"Socket errors", "Non-2xx"} {
		if i := strings.Index(out, bad); i >= 0 {
			line, _, _ := strings.Cut(out[i:], "\n")
			return nil, errors.New("wrk: " + line)
		}
	}
	rate := rateLine.FindStringSubmatch(out)
	latencies := latencyLine.FindAllStringSubmatch(out, -1)
	if rate == nil || len(latencies) != 2 {
		return nil, fmt.Errorf("wrk printed something new:\n%s", out)
	}
	r, err := strconv.ParseFloat(rate[1], 64)
	if err != nil {
		return nil, err
	}
	s := sample{r}
	for _, l := range latencies {
		d, err := time.ParseDuration(l[2])
		if err != nil {
			return nil, err
		}
		s = append(s, d.Seconds())
	}
	return s, nil
}
