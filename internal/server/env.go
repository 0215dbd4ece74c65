package server

import (
	"os"
	"strconv"
	"strings"
)

// workerEnv is the environment of workers, to which the manager adds what the
// protocol says. RIP_SENDFILE lists the folders whose files may be handed over.
func (s *server) workerEnv() []string {
	env := os.Environ()
	return append(env,
		"RIP_ENV="+s.cfg.Env,
		"RIP_WORKERS="+strconv.Itoa(s.cfg.Workers),
		"RIP_SENDFILE="+strings.Join(s.cfg.SendfileRoots, ":"),
	)
}
