package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/server"
)

const usage = `usage: rip-server <app-path> [w:<N|auto>] [r:<N>] [http:<port|address:port>] [flags]
       rip-server status | stop | restart | list | capsules | replay | version | help   [app]

  rip-server examples/hello w:4 http:5002    serves a folder with a Go program
  rip-server help                            says more
`

func (s *session) help(_ context.Context, in invocation) error {
	if in.app != "" {
		return s.helpCommand(in.app)
	}
	var b strings.Builder
	b.WriteString(usage)
	b.WriteString("\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-32s%s\n", strings.TrimSpace(c.name+" "+c.args), c.help)
	}
	b.WriteString(`
An app is named as it was served, by its name or its path; when only one server
runs, it need not be named. A folder that is called like a command is served as
./status. Tokens and flags come in any order.
`)
	b.WriteString(config.Help())
	_, err := io.WriteString(s.stdout, b.String())
	return err
}

func (s *session) helpCommand(name string) error {
	c := findCommand(name)
	if c == nil {
		var names []string
		for _, c := range commands() {
			names = append(names, c.name)
		}
		p := &config.Problem{
			Text:  fmt.Sprintf("help: there is no command %q", name),
			Hint:  "the commands are " + strings.Join(names, ", "),
			Usage: true,
		}
		if near := config.Nearest(name, names); near != "" {
			p.Hint = fmt.Sprintf("did you mean %s?", near)
		}
		return p
	}
	_, err := fmt.Fprintf(s.stdout, "usage: %s\n  %s\n", c.usage(), c.help)
	return err
}

func (s *session) version(context.Context, invocation) error {
	_, err := fmt.Fprintf(s.stdout, "rip-server %s\n", server.Version)
	return err
}
