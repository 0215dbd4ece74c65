package main

import (
	"context"
	"fmt"
	"math"
	"time"
)

// A gauge is what a comparison reads off a rival in one round.
type gauge struct {
	columns []column // the first is what ratios are made of
	measure func(ctx context.Context, t *target, l load, d time.Duration) (sample, error)
	note    string // what one has to know to read the table, "" = nothing
}

// A column is one of the numbers that a gauge returns.
type column struct {
	title  string
	format func(float64) string
}

// A sample is the outcome of one measurement, a number for each column; NaN
// where it could not be had.
type sample []float64

func whole(v float64) string   { return number("%.0f", v) }
func tenths(v float64) string  { return number("%.1f", v) }
func seconds(v float64) string { return duration(time.Duration(v * float64(time.Second))) }

func number(format string, v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf(format, v)
}

func duration(d time.Duration) string {
	if d < time.Millisecond {
		return d.Round(time.Microsecond).String()
	}
	return d.Round(10 * time.Microsecond).String()
}
