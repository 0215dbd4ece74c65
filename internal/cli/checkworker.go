package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/server"
	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/workercheck"
)

const checkWorkerUsage = `usage: rip-server check-worker [flags] APP
       rip-server check-worker [flags] -- COMMAND [ARGUMENT…]

  It plays the server against workers of an app, or of a command that is one, and
  prints a line for each thing that a worker has to do (docs/worker-protocol.md).
  The exit status is 1 when one of them failed. Flags that are not in this list are
  those of a server.

  --socket=seqpacket|stream   one type of socket only (default both)
  --path=PATH                 what most requests ask for (default /)
  --echo=PATH                 what is answered with the request's body, or its SHA-256 in hex
  --large=PATH                what is answered with more than 128 KiB
  --stream=PATH               what is answered in parts, with time between them
  --slow=PATH                 what takes a second or so
  --only=NAME,…               some of the checks
  --timeout=DURATION          how long each step may take (default 10s)
`

// errChecks is that a worker failed a check. What there is to say was printed.
var errChecks = errors.New("this is not a worker yet")

// checkWorker is the command check-worker.
func (s *session) checkWorker(ctx context.Context, args []string) error {
	c := workerCheck{o: workercheck.Options{Timeout: 10 * time.Second, Paths: workercheck.Paths{Plain: "/"}}}
	if err := c.parse(args); err != nil {
		return err
	}
	if c.help {
		_, err := io.WriteString(s.stdout, checkWorkerUsage)
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	release, err := c.find(ctx, s.environ)
	if err != nil {
		return err
	}
	defer release()
	t := checkTable{out: s.stdout}
	c.o.MayRefuse = len(c.kinds) > 1
	for _, kind := range c.kinds {
		t.heading(kind)
		workercheck.Run(ctx, kind, c.o, t.line)
	}
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	t.sum()
	if t.counts[workercheck.Failed] > 0 || t.counts[workercheck.OK] == 0 {
		return errChecks
	}
	return nil
}

// workerCheck is what the command line says.
type workerCheck struct {
	o       workercheck.Options
	kinds   []sharedsocket.Type // nil = not said
	command []string
	rest    []string // of the command line, for a server
	help    bool
}

func (c *workerCheck) parse(args []string) error {
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		name, value, _ := strings.Cut(arg, "=")
		switch {
		case arg == "--":
			c.command, args = args, nil
		case arg == "-h" || arg == "--help":
			c.help = true
			return nil
		case isPathFlag(name) && !strings.HasPrefix(value, "/"):
			return &config.Problem{Text: fmt.Sprintf("%s: a path begins with /", arg), Hint: "write " + name + "=/PATH", Usage: true}
		case name == "--path":
			c.o.Paths.Plain = value
		case name == "--echo":
			c.o.Paths.Echo = value
		case name == "--large":
			c.o.Paths.Large = value
		case name == "--stream":
			c.o.Paths.Stream = value
		case name == "--slow":
			c.o.Paths.Slow = value
		case name == "--only":
			c.o.Only = strings.Split(value, ",")
		case name == "--timeout":
			var err error
			if c.o.Timeout, err = time.ParseDuration(value); err != nil || c.o.Timeout <= 0 {
				return &config.Problem{Text: fmt.Sprintf("%s: not a duration", arg), Hint: "use --timeout=10s", Usage: true}
			}
		case name == "--socket":
			kind, err := sharedsocket.ParseType(value)
			if err != nil || kind == sharedsocket.Seqpacket && runtime.GOOS != "linux" {
				return &config.Problem{Text: fmt.Sprintf("%s: there is no such choice", arg), Hint: "use seqpacket (Linux only) or stream", Usage: true}
			}
			c.kinds = []sharedsocket.Type{kind}
		default:
			c.rest = append(c.rest, arg)
		}
	}
	return c.check()
}

func isPathFlag(name string) bool {
	return slices.Contains([]string{"--path", "--echo", "--large", "--stream", "--slow"}, name)
}

func (c *workerCheck) check() error {
	names := workercheck.Names()
	for _, name := range c.o.Only {
		if !slices.Contains(names, name) {
			return &config.Problem{Text: fmt.Sprintf("--only: there is no check %q", name), Hint: "the checks are " + strings.Join(names, ", "), Usage: true}
		}
	}
	if c.command != nil && (len(c.command) == 0 || len(c.rest) > 0) || c.command == nil && len(c.rest) == 0 {
		return &config.Problem{Text: "check-worker: what is to be checked?", Hint: "rip-server check-worker examples/hello, or rip-server check-worker -- python3 worker.py", Usage: true}
	}
	if c.kinds == nil {
		c.kinds = []sharedsocket.Type{sharedsocket.Stream}
		if runtime.GOOS == "linux" {
			c.kinds = []sharedsocket.Type{sharedsocket.Seqpacket, sharedsocket.Stream}
		}
	}
	return nil
}

// find makes the app, or the command, ready to run.
func (c *workerCheck) find(ctx context.Context, environ []string) (release func(), err error) {
	c.o.Env = append(slices.Clone(environ), "RIP_WORKERS=2", "RIP_MAX_REQUESTS=0", "RIP_MAX_RELOADS=0", "RIP_HOT_RELOAD=none")
	if c.command != nil {
		return func() {}, c.findCommand()
	}
	cfg, err := config.Load(c.rest, environ)
	if err != nil {
		return nil, err
	}
	if cfg.Exec != nil {
		return nil, &config.Problem{Text: cfg.Source("exec") + ": such a program knows nothing of the worker protocol", Hint: "docs/exec.md says what it has to do"}
	}
	app, err := server.Detect(cfg)
	if err != nil {
		return nil, err
	}
	build, err := app.Prepare(ctx)
	if err != nil {
		return nil, err
	}
	c.o.Command = func() *exec.Cmd { return build.Command("rip-server: " + cfg.Name) }
	c.o.Name, c.o.Dir, c.o.ReadTimeout = cfg.Name, build.Dir, app.ReadTimeout
	c.o.Env = append(c.o.Env, "RIP_ENV="+cfg.Env, "RIP_SENDFILE="+strings.Join(cfg.SendfileRoots, ":"), "RIP_REQUEST_TIMEOUT="+c.o.Timeout.String())
	return build.Release, nil
}

func (c *workerCheck) findCommand() error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	if _, err := exec.LookPath(c.command[0]); err != nil {
		return &config.Problem{Text: err.Error(), Hint: "name a program in PATH, or its path"}
	}
	c.o.Command = func() *exec.Cmd { return exec.Command(c.command[0], c.command[1:]...) }
	c.o.Name, c.o.Dir = config.NameOf(filepath.Base(c.command[len(c.command)-1])), dir
	c.o.Env = append(c.o.Env, "RIP_ENV=development", "RIP_SENDFILE=")
	return nil
}

// checkTable prints results as they come.
type checkTable struct {
	out    io.Writer
	counts map[workercheck.Verdict]int
}

func (t *checkTable) heading(kind sharedsocket.Type) {
	if t.counts == nil {
		t.counts = map[workercheck.Verdict]int{}
	}
	fmt.Fprintf(t.out, "%s\n", kind)
}

func (t *checkTable) line(r workercheck.Result) {
	t.counts[r.Verdict]++
	text := r.About
	switch r.Verdict {
	case workercheck.Failed:
		text += ": " + r.Why
	case workercheck.Skipped:
		text = r.Why
	}
	fmt.Fprintf(t.out, "  %-8s %-14s %s\n", r.Verdict, r.Name, text)
	for line := range strings.Lines(r.Output) {
		fmt.Fprintf(t.out, "             | %s", line)
	}
}

func (t *checkTable) sum() {
	var words []string
	for _, v := range []workercheck.Verdict{workercheck.OK, workercheck.Failed, workercheck.Skipped} {
		words = append(words, strconv.Itoa(t.counts[v])+" "+string(v))
	}
	fmt.Fprintf(t.out, "%s\n", strings.Join(words, ", "))
}
