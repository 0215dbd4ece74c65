package main

import (
	"fmt"
	"slices"
	"strings"
)

// renderReport returns the outcome of a run as Markdown, ratios first.
func renderReport(machine []string, o options, results []*result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Benchmark results\n\nWritten by `make bench`. All rivals ran on one machine in one run and took turns, %d rounds of %v each;\n"+
		"the load generator (wrk, two threads) ran beside them. Medians, with the lowest and highest round.\n\n", o.rounds, o.duration)
	for _, line := range machine {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	b.WriteString("\n## Ratios\n\nOf the first number of each table below.\n\n| load | | to | ratio | rounds |\n|---|---|---|---:|---:|\n")
	for _, r := range results {
		for _, q := range r.ratios {
			under := r.best(q.under)
			s := spreadOf(quotients(r.values(q.over, 0), r.values(under, 0)))
			fmt.Fprintf(&b, "| %s | %s | %s | **%.2f** | %.2f–%.2f |\n", r.title, q.over, under, s.median, s.low, s.high)
		}
	}
	for _, r := range results {
		b.WriteString(r.table())
	}
	return b.String()
}

// table returns a row for each rival: the first number with the lowest and the
// highest round, of the others the median.
func (r *result) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n\n", r.title)
	if r.gauge.note != "" {
		fmt.Fprintf(&b, "%s\n\n", r.gauge.note)
	}
	first, others := r.gauge.columns[0], r.gauge.columns[1:]
	fmt.Fprintf(&b, "| | %s | rounds |", first.title)
	for _, c := range others {
		fmt.Fprintf(&b, " %s |", c.title)
	}
	fmt.Fprintf(&b, "\n|---|---:|---:|%s\n", strings.Repeat("---:|", len(others)))
	for _, rival := range r.rivals {
		s := spreadOf(r.values(rival.name, 0))
		fmt.Fprintf(&b, "| %s | **%s** | %s–%s |", rival.name, first.format(s.median), first.format(s.low), first.format(s.high))
		for i, c := range others {
			fmt.Fprintf(&b, " %s |", c.format(spreadOf(r.values(rival.name, i+1)).median))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// values returns a column of a rival, one number for each round.
func (r *result) values(name string, column int) []float64 {
	var values []float64
	for _, s := range r.samples[name] {
		values = append(values, s[column])
	}
	return values
}

// best returns the name with the highest median.
func (r *result) best(names []string) string {
	return slices.MaxFunc(names, func(a, b string) int {
		if spreadOf(r.values(a, 0)).median < spreadOf(r.values(b, 0)).median {
			return -1
		}
		return 1
	})
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
