package cli

import (
	"context"
	"fmt"
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
}

// invocation is what follows a command.
type invocation struct {
	command string
	app     string // "" = not given
	json    bool
}

func commands() []command {
	return []command{
		{"status", "[app] [--json]", "how a server is, and each of its workers", []string{"--json"}, (*session).status},
		{"restart", "[app]", "replace the workers; the old ones stay when the new code fails", nil, (*session).restart},
		{"stop", "[app]", "answer what is in flight, then end; returns when the server is gone", nil, (*session).stop},
		{"list", "", "the servers of this user that run", nil, (*session).list},
		{"version", "", "the version of this program", nil, (*session).version},
		{"help", "[command]", "this text, or that of a command", nil, (*session).help},
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

// takesWord reports whether a word may follow the command.
func (c *command) takesWord() bool { return strings.HasPrefix(c.args, "[") }

func (c *command) usage() string {
	return strings.TrimSpace("rip-server " + c.name + " " + c.args)
}

func (s *session) command(ctx context.Context, c *command, args []string) error {
	in := invocation{command: c.name}
	for _, arg := range args {
		switch {
		case arg == "-h" || arg == "--help":
			return s.help(ctx, invocation{app: c.name})
		case arg == "--json" && c.name == "status":
			in.json = true
		case strings.HasPrefix(arg, "-"):
			p := &config.Problem{Text: fmt.Sprintf("%s: unknown flag %q", c.name, arg), Hint: c.usage(), Usage: true}
			if near := config.Nearest(arg, c.flags); near != "" {
				p.Hint = fmt.Sprintf("did you mean %s?", near)
			}
			return p
		case in.app != "" || !c.takesWord():
			return &config.Problem{Text: fmt.Sprintf("%s: unexpected %q", c.name, arg), Hint: c.usage(), Usage: true}
		default:
			in.app = arg
		}
	}
	return c.run(s, ctx, in)
}
