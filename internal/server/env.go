package server

import (
	"os"
	"strconv"
	"strings"
)

// workerEnv is the environment of workers, to which the manager adds what the
// protocol says. RIP_SENDFILE lists the folders whose files may be handed over,
// RIP_ENGINE_MEMORY is what the embedded JavaScript engine keeps to by itself.
func (s *server) workerEnv() []string {
	env := os.Environ()
	if s.app.Kind == "javascript" && s.cfg.MaxMemory > 0 {
		env = append(env, "RIP_ENGINE_MEMORY="+strconv.FormatInt(s.cfg.MaxMemory, 10))
	}
	return append(env,
		"RIP_ENV="+s.cfg.Env,
		"RIP_WORKERS="+strconv.Itoa(s.cfg.Workers),
		"RIP_SENDFILE="+strings.Join(s.cfg.SendfileRoots, ":"),
	)
}
