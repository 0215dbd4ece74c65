package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// renderReport returns the outcome of a run as Markdown, ratios first.
func renderReport(machine []string, o options, results []*result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Benchmark results\n\nWritten by `make bench`. All rivals ran on one machine in one run and took turns, %d rounds of %v each;\n"+
		"the load generator (wrk, two threads) ran beside them. Medians, with the lowest and highest round.\n\n", o.rounds, o.duration)
	for _, line := range machine {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	b.WriteString("\n## Ratios of requests per second\n\n| load | | to | ratio | rounds |\n|---|---|---|---:|---:|\n")
	for _, r := range results {
		for _, q := range r.ratios {
			under := r.best(q.under)
			s := spreadOf(quotients(r.rates(q.over), r.rates(under)))
			fmt.Fprintf(&b, "| %s | %s | %s | **%.2f** | %.2f–%.2f |\n", r.title, q.over, under, s.median, s.low, s.high)
		}
	}
	for _, r := range results {
		fmt.Fprintf(&b, "\n## %s\n\n| | requests/s | rounds | p50 | p99 |\n|---|---:|---:|---:|---:|\n", r.title)
		for _, rival := range r.rivals {
			s := spreadOf(r.rates(rival.name))
			fmt.Fprintf(&b, "| %s | **%.0f** | %.0f–%.0f | %s | %s |\n", rival.name, s.median, s.low, s.high,
				r.latency(rival.name, func(s sample) time.Duration { return s.p50 }),
				r.latency(rival.name, func(s sample) time.Duration { return s.p99 }))
		}
	}
	return b.String()
}

// rates returns the requests per second of a rival, one for each round.
func (r *result) rates(name string) []float64 {
	var rates []float64
	for _, s := range r.samples[name] {
		rates = append(rates, s.rate)
	}
	return rates
}

// best returns the name with the highest median.
func (r *result) best(names []string) string {
	return slices.MaxFunc(names, func(a, b string) int {
		if spreadOf(r.rates(a)).median < spreadOf(r.rates(b)).median {
			return -1
		}
		return 1
	})
}

// latency returns the median over the rounds.
func (r *result) latency(name string, of func(sample) time.Duration) string {
	var values []float64
	for _, s := range r.samples[name] {
		values = append(values, float64(of(s)))
	}
	d := time.Duration(spreadOf(values).median)
	if d < time.Millisecond {
		return d.Round(time.Microsecond).String()
	}
	return d.Round(10 * time.Microsecond).String()
}

// quotients divides round by round, since what disturbs a round disturbs both.
func quotients(over, under []float64) []float64 {
	q := make([]float64, len(over))
	for i := range over {
		q[i] = over[i] / under[i]
	}
	return q
}

// A spread is the middle and the ends of some values.
type spread struct{ low, median, high float64 }

func spreadOf(values []float64) spread {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	return spread{v[0], (v[(n-1)/2] + v[n/2]) / 2, v[n-1]}
}
