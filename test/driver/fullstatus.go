package driver

import (
	"context"

	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/control"
)

// FullStatus returns what the server tells its owner.
func (s *Server) FullStatus() *control.Status {
	status, err := control.Dial(s.RunDir(), config.NameOf(s.App())).Status(context.Background())
	if err != nil {
		s.Fatalf("status: %v", err)
	}
	return status
}
