package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/control"
)

func (s *session) status(ctx context.Context, in invocation) error {
	return s.talk(in, func(server *control.Client) error {
		status, err := server.Status(ctx)
		if err != nil {
			return err
		}
		if !in.json {
			return status.WriteText(s.stdout)
		}
		b, err := json.MarshalIndent(status, "", "  ")
		if err != nil {
			return err
		}
		_, err = s.stdout.Write(append(b, '\n'))
		return err
	})
}

func (s *session) restart(ctx context.Context, in invocation) error {
	return s.talk(in, func(server *control.Client) error {
		err := server.Restart(ctx, func(line string) { fmt.Fprintln(s.stdout, line) })
		if err != nil && !errors.Is(err, control.ErrNotRunning) {
			return fmt.Errorf("restart failed: %w", err)
		}
		return err
	})
}

func (s *session) stop(ctx context.Context, in invocation) error {
	return s.talk(in, func(server *control.Client) error { return server.Stop(ctx) })
}

// listTimeout is how long list waits for a server that does not answer.
const listTimeout = 2 * time.Second

func (s *session) list(ctx context.Context, in invocation) error {
	dir, names, err := s.running()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	for _, name := range names {
		ctx, cancel := context.WithTimeout(ctx, listTimeout)
		status, err := control.Dial(dir, name).Status(ctx)
		cancel()
		switch {
		case err == nil:
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", name, status.Status, status.Address, status.Path)
		case !errors.Is(err, control.ErrNotRunning): // else it ended meanwhile
			fmt.Fprintf(table, "%s\tdoes not answer\n", name)
		}
	}
	return table.Flush()
}

// talk finds the server that a command is for, and says which ones there are
// when it does not run.
func (s *session) talk(in invocation, ask func(*control.Client) error) error {
	dir, names, err := s.running()
	if err != nil {
		return err
	}
	name := in.app
	switch {
	case name == "" && len(names) == 1:
		name = names[0]
	case name == "" && len(names) == 0:
		return &config.Problem{Text: "no server is running", Hint: hint(in, nil)}
	case name == "":
		return &config.Problem{
			Text:  fmt.Sprintf("%d servers are running", len(names)),
			Hint:  fmt.Sprintf("say which one: rip-server %s %s", in.command, strings.Join(names, "|")),
			Usage: true,
		}
	case !slices.Contains(names, name) && isPath(name):
		name = config.NameOf(name)
	}
	err = ask(control.Dial(dir, name))
	if errors.Is(err, control.ErrNotRunning) {
		return notRunning{name, &config.Problem{Text: fmt.Sprintf("no server named %q is running", name), Hint: hint(in, names)}}
	}
	return err
}

// notRunning is the problem that the server that was meant does not run.
type notRunning struct {
	name string
	*config.Problem
}

func (n notRunning) Unwrap() error { return n.Problem }

// hint says what can be done when there is no server to talk to.
func hint(in invocation, names []string) string {
	if info, err := os.Stat(in.command); err == nil && info.IsDir() {
		return fmt.Sprintf("to serve the folder %s, write rip-server ./%s", in.command, in.command)
	}
	if near := config.Nearest(in.app, names); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	if len(names) > 0 {
		return "running: " + strings.Join(names, ", ")
	}
	return "start one with rip-server <app-path>"
}

// running returns the run folder and the names of the servers in it.
func (s *session) running() (dir string, names []string, err error) {
	if dir, err = config.RunDir(s.environ); err != nil {
		return "", nil, err
	}
	names, err = control.List(dir)
	return dir, names, err
}

func isPath(app string) bool {
	if strings.ContainsRune(app, os.PathSeparator) || app == "." || app == ".." {
		return true
	}
	_, err := os.Stat(app)
	return err == nil
}
