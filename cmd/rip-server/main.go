// Rip-server serves an app through a socket that its workers share.
package main

import (
	"os"

	"github.com/rip-server/rip-server/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}
