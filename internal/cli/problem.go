package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rip-server/rip-server/internal/config"
)

const (
	exitFailure = 1
	exitUsage   = 2
)

// exitStatus tells a person what went wrong, and returns the exit status that
// goes with it.
func exitStatus(stderr io.Writer, err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "rip-server: %s\n", strings.TrimRight(err.Error(), "\n")) // a compiler ends with one
	var p *config.Problem
	if !errors.As(err, &p) {
		return exitFailure
	}
	if p.Hint != "" {
		fmt.Fprintf(stderr, "  hint: %s\n", p.Hint)
	}
	if p.Usage {
		return exitUsage
	}
	return exitFailure
}
