package config

import (
	"slices"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	words := []string{"status", "stop", "restart", "list", "max-queue", "w"}
	for word, want := range map[string]string{
		"stauts":    "status",
		"stp":       "stop",
		"restrat":   "restart",
		"Max_Queue": "max-queue",
		"maxqueue":  "max-queue",
		"wx":        "w",
		"x":         "",
		"":          "",
		"deploy":    "",
		"lisp":      "list",
		"stopped":   "",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	// As long as an argument can be.
	if got := Nearest(strings.Repeat("x", 128<<10), words); got != "" {
		t.Errorf("a long word is near %q", got)
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "abc", 0}, {"abc", "axc", 1}, {"abc", "acb", 1}, {"abc", "ac", 1}, {"abcd", "badc", 2}, {"kitten", "sitting", 3},
	} {
		if got, back := distance(test.a, test.b), distance(test.b, test.a); got != test.want || back != got {
			t.Errorf("%q, %q: %d and %d, want %d", test.a, test.b, got, back, test.want)
		}
	}
}

// No option is told to be a misspelling of another one.
func TestNamesAreFarApart(t *testing.T) {
	names := flagNames()
	for i, name := range names {
		others := slices.Delete(slices.Clone(names), i, i+1)
		if o := meant(name); o != nil {
			t.Errorf("%s is also a name that is mistaken for %s", name, o.name)
		}
		for _, other := range others {
			if name == other {
				t.Errorf("%s twice", name)
			}
		}
	}
}
