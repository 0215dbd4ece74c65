package main

import (
	"slices"
	"strings"
	"testing"
)

const wrkOutput = `Running 1s test @ http://127.0.0.1:41234/ping
  2 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.12ms    1.02ms  20.33ms   92.11%
    Req/Sec    30.52k     2.01k   34.80k    70.00%
  Latency Distribution
     50%    0.96ms
     75%    1.31ms
     90%    1.90ms
     99%    1.06s 
  60731 requests in 1.00s, 7.12MB read
Requests/sec:  60528.92
Transfer/sec:      7.10MB
`

func TestParseWrk(t *testing.T) {
	s, err := parseWrk(wrkOutput)
	if want := (sample{60528.92, 960e-6, 1.06}); err != nil || !slices.Equal(s, want) {
		t.Errorf("got %v, %v, want %v", s, err, want)
	}
	for _, bad := range []string{"  Non-2xx or 3xx responses: 3", "  Socket errors: connect 0, read 1, write 0, timeout 0"} {
		_, err := parseWrk(wrkOutput + bad + "\n")
		if err == nil || !strings.HasSuffix(bad, strings.TrimPrefix(err.Error(), "wrk: ")) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
	if _, err := parseWrk("unable to connect"); err == nil {
		t.Error("accepted output without numbers")
	}
}

func TestRatioTakesTheBestRival(t *testing.T) {
	r := &result{samples: map[string][]sample{
		"ours": {{30}, {20}, {40}},
		"one":  {{10}, {20}, {10}},
		"two":  {{20}, {20}, {16}},
	}}
	if got := r.best([]string{"one", "two"}); got != "two" {
		t.Errorf("best is %q", got)
	}
	if got, want := spreadOf(quotients(r.values("ours", 0), r.values("two", 0))), (spread{1, 1.5, 2.5}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
