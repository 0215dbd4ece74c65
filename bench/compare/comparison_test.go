package main

import (
	"errors"
	"reflect"
	"slices"
	"testing"
)

func TestLeavesOutWhatIsMissing(t *testing.T) {
	absent := func(*place) error { return errors.New("not found") }
	ours, one := &rival{name: "ours"}, &rival{name: "one", needs: func(*place) error { return nil }}
	two := &rival{name: "two", needs: absent}
	c := comparison{
		rivals: []*rival{ours, one, two},
		ratios: []ratio{{"ours", []string{"one"}}, {"ours", []string{"two"}}, {"ours", []string{"one", "two"}}, {"two", []string{"one"}}},
	}
	got := c.withoutMissing(nil)
	if want := []*rival{ours, one}; !slices.Equal(got.rivals, want) {
		t.Errorf("rivals are %v, want %v", got.rivals, want)
	}
	if want := []ratio{{"ours", []string{"one"}}, {"ours", []string{"one"}}}; !reflect.DeepEqual(got.ratios, want) {
		t.Errorf("ratios are %v, want %v", got.ratios, want)
	}
	if len(c.ratios[2].under) != 2 {
		t.Error("it changed the comparison that it was given")
	}
}
