package server

import (
	"errors"
	"fmt"

	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/control"
	"github.com/rip-server/rip-server/internal/runtimes"
)

// claimProblem says that a server of the same name is running.
func claimProblem(err error, cfg *config.Config) error {
	if running, ok := errors.AsType[*control.RunningError](err); ok {
		return &config.Problem{
			Text: fmt.Sprintf("a server named %q is already running (process %d)", running.Name, running.PID),
			Hint: fmt.Sprintf("stop it with rip-server stop %s, or give this one another name with --name=NAME", cfg.Name),
		}
	}
	return err
}

// buildProblem shows what a compiler said as it is, or which program is missing.
func buildProblem(err error, cfg *config.Config) error {
	if build, ok := errors.AsType[*runtimes.BuildError](err); ok {
		return &config.Problem{Text: build.Error(), Hint: "correct the code and start again"}
	}
	if program, ok := errors.AsType[*runtimes.ProgramError](err); ok {
		return &config.Problem{
			Text: cfg.Source("exec") + ": " + program.Error(),
			Hint: "name a program in PATH, or its path as seen from " + cfg.Dir,
		}
	}
	return err
}
