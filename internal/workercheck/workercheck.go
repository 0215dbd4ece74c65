// Package workercheck finds out whether a program is a worker: it plays the
// server against it, with the shared socket that the server has, and looks at
// what the program writes, at its row and at how it ends. The reference is
// docs/worker-protocol.md.
package workercheck

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
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

	// MayRefuse says that a worker which ends before it is ready does not know
	// this type of socket: nothing is checked then.
	MayRefuse bool
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
		r, err := c.result(ctx, kind, o)
		if o.MayRefuse && errors.Is(err, errRefuses) {
			lines := strings.Split(strings.TrimSpace(r.Output), "\n")
			r.Verdict, r.Why, r.Output = Skipped, fmt.Sprintf("it does not start with this type: %s", cmp.Or(lines[len(lines)-1], err.Error())), ""
			report(r)
			return
		}
		report(r)
	}
}

// errRefuses is that a worker ended before it was ready.
var errRefuses = errors.New("it ended before it was ready")

func (c *check) result(ctx context.Context, kind sharedsocket.Type, o Options) (Result, error) {
	r := Result{Socket: kind, Name: c.name, About: c.about, Verdict: OK}
	if c.only != "" && c.only != kind.String() {
		r.Verdict, r.Why = Skipped, fmt.Sprintf("it concerns the type %s alone", c.only)
		return r, nil
	}
	b, err := open(ctx, kind, o)
	if err == nil {
		err = b.made(c)
		b.close()
	}
	if why, ok := errors.AsType[skipped](err); ok {
		r.Verdict, r.Why = Skipped, string(why)
	} else if err != nil {
		r.Verdict, r.Why, r.Output = Failed, err.Error(), b.printed()
	}
	return r, err
}

// made makes a check. When it fails because of what a worker did wrong before,
// that is the error.
func (b *bench) made(c *check) error {
	err := c.run(b)
	if err == nil {
		return b.settled()
	}
	if _, ok := errors.AsType[skipped](err); ok {
		return err
	}
	return b.rather(err)
}
