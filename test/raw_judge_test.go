package test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rip-server/rip-server/test/driver"
)

// judge returns an error unless all was as it must be.
func (r *rawRun) judge(c rawCase, journal *driver.Journal) error {
	if r.err != nil {
		return fmt.Errorf("after %v: %w", r.statuses, r.err)
	}
	var want []int
	list, ends := strings.CutSuffix(c.want, ".")
	for word := range strings.FieldsSeq(list) {
		status, err := strconv.Atoi(word)
		if err != nil {
			return err
		}
		want = append(want, status)
	}
	if !ends {
		want = append(want, 200)
	}
	if !slices.Equal(r.statuses, want) {
		return fmt.Errorf("got %v %q, want %v", r.statuses, r.bodies, want)
	}
	// Each answer of the app is one run, and nothing else was run.
	answered := 0
	var first *driver.Echo
	for i, status := range r.statuses {
		if status != 200 {
			continue
		}
		answered++
		var e driver.Echo
		if first == nil && r.bodies[i] != "" && json.Unmarshal([]byte(r.bodies[i]), &e) == nil {
			first = &e
		}
	}
	ran := 0
	for i := range r.ids {
		id := r.id(i)
		if journal.Starts[id] != journal.Dones[id] || journal.Starts[id] > 1 {
			return fmt.Errorf("%s was started %d times and ended %d times", id, journal.Starts[id], journal.Dones[id])
		}
		ran += journal.Starts[id]
	}
	canary := journal.Starts[r.id(r.ids-1)] > 0
	if ran != answered || canary == ends {
		return fmt.Errorf("%d requests were answered, %d were run; the canary was: %v", answered, ran, canary)
	}
	if len(c.app) > 0 && first == nil {
		return fmt.Errorf("nothing of what the app received: %q", r.bodies)
	}
	for _, rule := range c.app {
		if err := judgeEcho(first, rule); err != nil {
			return err
		}
	}
	return nil
}

// judgeEcho compares what the app received with one line of rawCase.app.
func judgeEcho(e *driver.Echo, rule string) error {
	if line, found := strings.CutPrefix(rule, "> "); found {
		if got := e.Method + " " + e.Target; got != line {
			return fmt.Errorf("the app received %q, want %q", got, line)
		}
		return nil
	}
	if body, found := strings.CutPrefix(rule, "= "); found {
		if sum := sha256.Sum256([]byte(body)); e.Size != len(body) || e.SHA256 != hex.EncodeToString(sum[:]) {
			return fmt.Errorf("the app received %d bytes, other than %q", e.Size, body)
		}
		return nil
	}
	if name, found := strings.CutPrefix(rule, "- "); found {
		if got := e.Values(name); got != nil {
			return fmt.Errorf("the app received %s: %q", name, got)
		}
		return nil
	}
	name, value, _ := strings.Cut(rule, ": ")
	if got := e.Values(name); len(got) != 1 || got[0] != value {
		return fmt.Errorf("the app received %s: %q, want %q", name, got, value)
	}
	return nil
}
