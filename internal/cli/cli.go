// Package cli is the command line: it serves an app, or talks to the servers
// that run, and tells a person what went wrong and what to do.
package cli

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/jsworker"
	"github.com/rip-server/rip-server/internal/runtimes"
	"github.com/rip-server/rip-server/internal/server"
)

// Main runs the program with the arguments that follow its name, and returns
// its exit status: 0, 1 when something failed, 2 when the usage is wrong.
func Main(args, environ []string, stdout, stderr io.Writer) int {
	// The server writes its title over the memory of the arguments.
	args = slices.Clone(args)
	for i := range args {
		args[i] = strings.Clone(args[i])
	}
	if len(args) > 0 && args[0] == runtimes.AdoptFlag {
		return exitStatus(stderr, runtimes.Adopt(args[1:]))
	}
	if len(args) > 0 && args[0] == runtimes.JavaScriptFlag {
		return exitStatus(stderr, jsworker.Main(args[1:]))
	}
	if len(args) == 0 {
		io.WriteString(stderr, usage)
		return exitUsage
	}
	s := session{environ: environ, stdout: stdout, stderr: stderr}
	return exitStatus(stderr, s.run(context.Background(), args))
}

// session is one run of the program.
type session struct {
	environ        []string
	stdout, stderr io.Writer
}

func (s *session) run(ctx context.Context, args []string) error {
	if c := findCommand(args[0]); c != nil {
		return s.command(ctx, c, args[1:])
	}
	for _, arg := range args {
		switch arg {
		case "-h", "--help":
			return s.help(ctx, invocation{})
		case "--version":
			return s.version(ctx, invocation{})
		}
	}
	cfg, err := config.Load(args, s.environ)
	if err != nil {
		return err
	}
	return server.Run(ctx, cfg, s.stdout, s.stderr)
}
