package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// A comparison is one load put on several rivals in turn.
type comparison struct {
	title  string
	load   load
	rivals []*rival
	ratios []ratio
	needs  []tool // beyond those that every run needs
	gauge  *gauge // nil = throughput
	warmUp time.Duration
}

// A ratio is the first number of one rival over that of another. Where under
// names several, the highest of them counts.
type ratio struct {
	over  string
	under []string
}

// A result is what the rivals of a comparison did, one sample for each round.
type result struct {
	comparison
	samples map[string][]sample
}

// withoutMissing leaves out the rivals that cannot run here, with the ratios to
// them, and says why.
func (c comparison) withoutMissing(p *place) comparison {
	missing := map[string]bool{}
	for _, r := range c.rivals {
		if r.needs == nil {
			continue
		}
		if err := r.needs(p); err != nil {
			fmt.Fprintf(os.Stderr, "left out: %s of %s: %v\n", r.name, c.title, err)
			missing[r.name] = true
		}
	}
	var rivals []*rival
	for _, r := range c.rivals {
		if !missing[r.name] {
			rivals = append(rivals, r)
		}
	}
	var ratios []ratio
	for _, q := range c.ratios {
		under := slices.DeleteFunc(slices.Clone(q.under), func(name string) bool { return missing[name] })
		if !missing[q.over] && len(under) > 0 {
			ratios = append(ratios, ratio{q.over, under})
		}
	}
	c.rivals, c.ratios = rivals, ratios
	return c
}

// measure starts all rivals and puts the load on one after the other, in every
// round beginning with another one, so that what disturbs the machine for a
// while disturbs them all.
func (c comparison) measure(ctx context.Context, p *place, o options) (*result, error) {
	fmt.Fprintf(os.Stderr, "%s\n", c.title)
	var targets []*target
	defer func() {
		for _, t := range targets {
			t.stop()
		}
	}()
	for _, r := range c.rivals {
		t, err := r.launch(ctx, p, c.load)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}
		targets = append(targets, t)
	}
	if c.gauge == nil {
		c.gauge = &throughput
	}
	for _, t := range targets {
		if _, err := t.measure(ctx, c, max(time.Second, c.warmUp)); err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
	}
	result := &result{c, map[string][]sample{}}
	for round := range o.rounds {
		var line []string
		for i := range targets {
			t := targets[(round+i)%len(targets)]
			s, err := t.measure(ctx, c, o.duration)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", t.name, err)
			}
			result.samples[t.name] = append(result.samples[t.name], s)
			line = append(line, t.name+" "+c.gauge.columns[0].format(s[0]))
		}
		fmt.Fprintf(os.Stderr, "  round %d: %s\n", round+1, strings.Join(line, "; "))
	}
	return result, nil
}
