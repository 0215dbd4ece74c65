// Bench measures rip-server side by side with its rivals: all of them in one
// run on one machine, taking turns, over several rounds. It prints one table,
// ratios first, and writes it to bench/results.md.
//
//	go run ./bench/compare            # what the project promises, five rounds of three seconds each
//	go run ./bench/compare -quick     # one second each: for a first look, too noisy to quote
//	go run ./bench/compare -all       # other numbers of connections and workers too
//	go run ./bench/compare -only ping -rounds 9
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 5, "how often every rival is measured")
	flag.DurationVar(&o.duration, "duration", 3*time.Second, "length of one measurement, in whole seconds")
	quick := flag.Bool("quick", false, "one second for each measurement")
	all := flag.Bool("all", false, "also measure other numbers of connections and workers")
	only := flag.String("only", "", "measure only comparisons whose title matches this regular expression")
	flag.StringVar(&o.results, "results", "bench/results.md", "where to write the table, - for nowhere")
	flag.Parse()
	if *quick {
		o.duration = time.Second
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, *all, *only, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	rounds   int
	duration time.Duration
	results  string
}

func run(ctx context.Context, o options, all bool, only string, rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("unknown argument %q", rest[0])
	}
	if o.rounds < 1 || o.duration < time.Second {
		return errors.New("at least one round and one second are needed")
	}
	wanted, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	if err := checkTools(tools); err != nil {
		return err
	}
	place, err := newPlace(ctx)
	if err != nil {
		return err
	}
	defer place.remove()

	load := loadAverage()
	plan := headline()
	if all {
		plan = append(plan, sweep()...)
	}
	var results []*result
	for _, c := range plan {
		if !wanted.MatchString(c.title) {
			continue
		}
		if err := checkTools(c.needs); err != nil {
			fmt.Fprintf(os.Stderr, "left out: %s: %v\n", c.title, err)
			continue
		}
		r, err := c.withoutMissing(place).measure(ctx, place, o)
		if err != nil {
			return fmt.Errorf("%s: %w", c.title, err)
		}
		results = append(results, r)
	}
	if len(results) == 0 {
		return fmt.Errorf("nothing was measured of what matches %q", only)
	}
	report := renderReport(describeMachine(ctx, place, load), o, results)
	fmt.Print("\n", report)
	if o.results == "-" {
		return nil
	}
	return os.WriteFile(o.results, []byte(report), 0o644)
}
