package server

import (
	"fmt"

	"github.com/rip-server/rip-server/internal/capsule"
	"github.com/rip-server/rip-server/internal/config"
)

// startCapsules begins to keep the requests that workers die of. In the folder
// that nobody asked for, a failure is no reason not to serve.
func (s *server) startCapsules() error {
	if s.cfg.Capsules == "" {
		return nil
	}
	store, err := capsule.Open(s.cfg.Capsules)
	if err != nil {
		source := s.cfg.Source("capsules")
		if source == "" {
			s.log.Warn("no crash capsules are kept", "error", err)
			return nil
		}
		return &config.Problem{
			Text: fmt.Sprintf("%s: %v", source, err),
			Hint: "give a folder of its own that only you can open (chmod 700), or --capsules=off",
		}
	}
	s.capsules = capsule.NewRecorder(store, capsule.Server{
		App: s.cfg.Name, Path: s.cfg.Path, Env: s.cfg.Env, Socket: s.cfg.Socket, RequestTimeout: s.cfg.RequestTimeout.String(),
		Exec: config.JoinWords(s.cfg.Exec),
	}, s.log)
	return nil
}
