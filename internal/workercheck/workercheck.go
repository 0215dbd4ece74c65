// Package workercheck finds out whether a program is a worker: it plays the
// server against it, with the shared socket that the server has, and looks at
// what the program writes, at its row and at how it ends. The reference is
// docs/worker-protocol.md.
package workercheck

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// Options say what is checked.
type Options struct {
	Command     func() *exec.Cmd // a fresh command for one worker
	Env         []string         // the whole environment of workers, to which the protocol's is added
	Name        string           // of the app
	Dir         string           // of the app
	ReadTimeout time.Duration    // see sharedsocket.Config

	Paths   Paths
	Only    []string      // names of checks, nil = all
	Timeout time.Duration // how long each step may take
}

// Paths are what requests ask for. What is empty is not checked, but for Plain.
type Paths struct {
	Plain  string // anything that is answered soon
	Echo   string // what is answered with the body of the request, or its SHA-256 in hex
	Large  string // what is answered with more than a record holds
	Stream string // what is answered in parts, with time between the first and the last
	Slow   string // what takes a second or so
}

// Verdict is how a check ended.
type Verdict string

// The verdicts.
const (
	OK      Verdict = "ok"
	Failed  Verdict = "failed"
	Skipped Verdict = "skipped"
)

// Result is one line of the table.
type Result struct {
	Socket  sharedsocket.Type
	Name    string
	About   string // what the worker does when all is well
	Verdict Verdict
	Why     string // why it failed or was skipped
	Output  string // what the worker printed last, when it failed
	Took    time.Duration
}

// skipped is why a check cannot be made.
type skipped string

func (s skipped) Error() string { return string(s) }

// Names returns the names of all checks, in their order.
func Names() []string {
	var names []string
	for _, c := range checks {
		names = append(names, c.name)
	}
	return names
}

// Run makes the checks on one type of socket, one after the other and each with
// workers of its own, and reports each result. It returns early when ctx ends.
func Run(ctx context.Context, kind sharedsocket.Type, o Options, report func(Result)) {
	for _, c := range checks {
		if ctx.Err() != nil {
			return
		}
		if len(o.Only) > 0 && !slices.Contains(o.Only, c.name) {
			continue
		}
		report(c.result(ctx, kind, o))
	}
}

func (c *check) result(ctx context.Context, kind sharedsocket.Type, o Options) Result {
	r := Result{Socket: kind, Name: c.name, About: c.about, Verdict: OK}
	if c.only != "" && c.only != kind.String() {
		r.Verdict, r.Why = Skipped, fmt.Sprintf("it concerns the type %s alone", c.only)
		return r
	}
	began := time.Now()
	b, err := open(ctx, kind, o)
	if err == nil {
		if err = c.run(b); err == nil {
			err = b.settled()
		} else if _, ok := errors.AsType[skipped](err); !ok {
			err = b.rather(err)
		}
		b.close()
	}
	r.Took = time.Since(began)
	if why, ok := errors.AsType[skipped](err); ok {
		r.Verdict, r.Why = Skipped, string(why)
	} else if err != nil {
		r.Verdict, r.Why, r.Output = Failed, err.Error(), b.printed()
	}
	return r
}
