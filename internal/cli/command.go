package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rip-server/rip-server/internal/config"
)

// command is a word that is not the path of an app.
type command struct {
	name  string
	args  string // as help shows them
	help  string
	flags []string
	run   func(s *session, ctx context.Context, in invocation) error

	// raw is for a command that reads what follows it by itself.
	raw func(s *session, ctx context.Context, args []string) error
}

// invocation is what follows a command.
type invocation struct {
	command string
	app     string // "" = not given
	capsule string // its id, or a part of it
	json    bool
	alone   bool
}

func commands() []command {
	return []command{
		{"status", "[app] [--json]", "how a server is, and each of its workers", []string{"--json"}, (*session).status, nil},
		{"restart", "[app]", "replace the workers; the old ones stay when the new code fails", nil, (*session).restart, nil},
		{"stop", "[app]", "answer what is in flight, then end; returns when the server is gone", nil, (*session).stop, nil},
		{"list", "", "the servers of this user that run", nil, (*session).list, nil},
		{"capsules", "[app]", "the requests that workers died of or hung in, as far as they were kept", nil, (*session).capsules, nil},
		{"replay", "ID [app] [--alone]", "send one of them again; --alone: to a worker of its own, whose output is shown", []string{"--alone"}, (*session).replay, nil},
		{"check-worker", "APP | -- COMMAND", "find out whether a program is a worker, docs/worker-protocol.md", nil, nil, (*session).checkWorker},
		{"version", "", "the version of this program", nil, (*session).version, nil},
		{"help", "[command]", "this text, or that of a command", nil, (*session).help, nil},
	}
}

func findCommand(name string) *command {
	for _, c := range commands() {
		if c.name == name {
			return &c
		}
	}
	return nil
}

// words returns what may follow the command beside flags; what is not in
// brackets has to.
func (c *command) words() []string {
	return slices.DeleteFunc(strings.Fields(c.args), func(word string) bool { return strings.HasPrefix(word, "[-") })
}

func (c *command) usage() string {
	return strings.TrimSpace("rip-server " + c.name + " " + c.args)
}

func (s *session) command(ctx context.Context, c *command, args []string) error {
	if c.raw != nil {
		return c.raw(s, ctx, args)
	}
	in := invocation{command: c.name}
	words := c.words()
	for _, arg := range args {
		switch {
		case arg == "-h" || arg == "--help":
			return s.help(ctx, invocation{app: c.name})
		case slices.Contains(c.flags, arg):
			in.json = in.json || arg == "--json"
			in.alone = in.alone || arg == "--alone"
		case strings.HasPrefix(arg, "-"):
			p := &config.Problem{Text: fmt.Sprintf("%s: unknown flag %q", c.name, arg), Hint: c.usage(), Usage: true}
			if near := config.Nearest(arg, c.flags); near != "" {
				p.Hint = fmt.Sprintf("did you mean %s?", near)
			}
			return p
		case len(words) == 0:
			return &config.Problem{Text: fmt.Sprintf("%s: unexpected %q", c.name, arg), Hint: c.usage(), Usage: true}
		case words[0] == "ID":
			in.capsule, words = arg, words[1:]
		default:
			in.app, words = arg, words[1:]
		}
	}
	if len(words) > 0 && words[0] == "ID" {
		return &config.Problem{Text: c.name + ": no id was given", Hint: "rip-server capsules lists them", Usage: true}
	}
	return c.run(s, ctx, in)
}
