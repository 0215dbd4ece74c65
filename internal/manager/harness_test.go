package manager

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

const patience = 30 * time.Second // of a test for what must happen

// app is a manager with its socket, and everything it said.
type app struct {
	*Manager
	t           *testing.T
	descriptors int  // open before
	kills       bool // some have to be killed to stop
	socket      *sharedsocket.Socket
	code        atomic.Pointer[string] // how workers start, from the next Prepare on
	prepared    atomic.Int32
	released    atomic.Int32

	mu     sync.Mutex
	log    []string
	output []string
}

// newApp makes a manager whose delays are short and whose workers start as
// code says. It is stopped at the end of the test, which must leave nothing.
func newApp(t *testing.T, workers int, code string, change ...func(*Config)) *app {
	t.Helper()
	startPoller(t)
	a := &app{t: t, descriptors: len(descriptors(t))}
	a.code.Store(&code)
	var err error
	a.socket, err = sharedsocket.New(sharedsocket.Config{
		MaxQueue: 8192, QueueTimeout: patience, RequestTimeout: patience, Name: "test", Dir: "/",
		Log:    slog.New(slog.DiscardHandler),
		Broken: func() { a.Replace() },
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Prepare: a.prepare, Socket: a.socket, Name: "test", Workers: workers,
		DrainTimeout: patience, Env: os.Environ(),
		Log:    slog.New(slog.NewTextHandler(a, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Output: a.print,
	}
	for _, f := range change {
		f(&cfg)
	}
	a.Manager = New(cfg)
	a.timing.first = 10 * time.Millisecond
	a.timing.most = 200 * time.Millisecond
	a.timing.served = 50 * time.Millisecond
	a.timing.proof = 50 * time.Millisecond
	a.timing.dump = 100 * time.Millisecond
	t.Cleanup(a.end)
	return a
}

func (a *app) start() *app {
	a.t.Helper()
	if err := a.Start(context.Background()); err != nil {
		a.t.Fatal(err)
	}
	return a
}

// serve is start and the wait until all workers were ready.
func (a *app) serve() *app {
	a.t.Helper()
	a.start()
	select {
	case <-a.Ready():
	case <-time.After(patience):
		a.fatal("not ready")
	}
	return a
}

func (a *app) prepare(context.Context) (Code, error) {
	code := *a.code.Load()
	if text, ok := strings.CutPrefix(code, "error "); ok {
		return Code{}, errors.New(text)
	}
	a.prepared.Add(1)
	return Code{
		ID: code,
		Command: func(title string) *exec.Cmd {
			return &exec.Cmd{Path: os.Args[0], Args: []string{title, code}, Dir: "/"}
		},
		Release: func() { a.released.Add(1) },
	}, nil
}

// end stops the app and checks that nothing is left of it.
func (a *app) end() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	pids := a.started()
	if err := a.Stop(ctx); err != nil && !a.kills {
		a.t.Errorf("stop: %v", err)
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
			a.t.Errorf("process %d is left after Stop", pid)
		}
	}
	if p, r := a.prepared.Load(), a.released.Load(); p != r {
		a.t.Errorf("%d versions of the code were prepared and %d released", p, r)
	}
	if err := a.socket.Close(); err != nil {
		a.t.Error(err)
	}
	a.leaks()
	if a.t.Failed() {
		a.t.Logf("log:\n%s", strings.Join(a.lines(""), ""))
	}
}

// leaks waits until no goroutine and no descriptor is left.
func (a *app) leaks() {
	left := ""
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		left = ""
		for _, name := range []string{"(*loop)", "(*forker)", "(*output)", "(*backlog)", "(*Manager).live", "(*process)"} {
			if bytes.Contains(stacks, []byte("internal/manager."+name)) {
				left += " " + name
			}
		}
		if open := descriptors(a.t); len(open) > a.descriptors {
			left += fmt.Sprintf(" %d descriptors of %q", len(open)-a.descriptors, open)
		}
		if left == "" {
			return
		}
	}
	a.t.Errorf("left after Stop:%s", left)
}

// startPoller has Go's runtime open what it waits for descriptors with, which it
// does with the first of them and keeps.
func startPoller(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	w.Close()
}

// descriptors returns what each descriptor that is open stands for.
func descriptors(t *testing.T) (open []string) {
	entries, err := os.ReadDir("/dev/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		what, err := os.Readlink("/dev/fd/" + entry.Name())
		open = append(open, cmp.Or(what, fmt.Sprint(err)))
	}
	return open
}

// started returns the ids of all processes that were ever started.
func (a *app) started() (pids []int) {
	for _, line := range a.lines(`msg="worker started"`) {
		var pid int
		if _, after, ok := strings.Cut(line, " pid="); ok {
			fmt.Sscan(after, &pid)
			pids = append(pids, pid)
		}
	}
	return pids
}

// Write takes a line of the log.
func (a *app) Write(line []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.log = append(a.log, string(line))
	return len(line), nil
}

func (a *app) print(worker int, label string, line []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.output = append(a.output, fmt.Sprintf("%d %s: %s", worker, label, line))
}

// lines returns the lines of the log that have all of these in them.
func (a *app) lines(with ...string) (found []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
next:
	for _, line := range a.log {
		for _, part := range with {
			if !strings.Contains(line, part) {
				continue next
			}
		}
		found = append(found, line)
	}
	return found
}

// printed returns the lines that workers printed which contain a text.
func (a *app) printed(text string) (found []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, line := range a.output {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

// until waits for a condition.
func (a *app) until(what string, is func() bool) {
	a.t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			a.fatal("waited in vain until " + what)
		}
	}
}

// logged waits for a number of lines in the log.
func (a *app) logged(n int, with ...string) {
	a.t.Helper()
	a.until(fmt.Sprintf("the log has %d lines with %q", n, with), func() bool { return len(a.lines(with...)) >= n })
}

func (a *app) fatal(what string) {
	a.t.Helper()
	a.t.Fatalf("%s; workers: %+v", what, a.Workers())
}

// ready returns the workers that are ready.
func (a *app) ready() (list []Worker) {
	for _, w := range a.Workers() {
		if w.State == Ready {
			list = append(list, w)
		}
	}
	return list
}

// giveUpOn says what the socket says after its request timeout.
func (a *app) giveUpOn(label string) {
	a.box.put(func(l *loop) {
		var hung *worker
		for w := range l.workers {
			if running, _, _ := w.proc.seat.Running(); running == label {
				hung = w
			}
		}
		l.event(hung, sharedsocket.Event{Kind: sharedsocket.EventHung, Label: label})
	})
}
