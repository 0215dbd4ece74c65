package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/rip-server/rip-server/internal/capsule"
	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/control"
	"github.com/rip-server/rip-server/internal/server"
)

// lookEvery is how often a server that starts is asked whether it is ready.
const lookEvery = 20 * time.Millisecond

// replayAlone serves the app with one worker that nobody else can reach, sends
// the request and stops. What the worker prints is on the terminal, with the
// server's log.
func (s *session) replayAlone(ctx context.Context, c *capsule.Capsule) error {
	run, err := os.MkdirTemp("", "rip-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(run)
	environ := append(append([]string(nil), s.environ...), "RIP_RUN_DIR="+run)
	args := []string{
		c.Server.Path, "--name=" + c.Server.App, "--env=" + c.Server.Env, "--socket=" + c.Server.Socket,
		"--request-timeout=" + c.Server.RequestTimeout,
		"w:1", "http:127.0.0.1:0", "--hot-reload=none", "--no-watch", "--capsules=off", "--quarantine=off", "--no-access-log",
	}
	if c.Server.Exec != "" {
		args = append(args, "--exec="+c.Server.Exec)
	}
	cfg, err := config.Load(args, environ)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		err := server.Run(ctx, cfg, s.stdout, s.stderr)
		cancel() // so that nobody waits for an answer any more
		ended <- err
	}()
	address, err := awaitReady(ctx, control.Dial(run, cfg.Name))
	if err == nil {
		err = s.send(ctx, c, address)
	}
	cancel()
	if ended := <-ended; ended != nil {
		return ended // which is why there is no answer
	}
	return err
}

// awaitReady returns the address of a server when it is ready.
func awaitReady(ctx context.Context, server *control.Client) (address string, err error) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		status, err := server.Status(ctx)
		switch {
		case err == nil && status.Status == control.Healthy:
			return status.Address, nil
		case err == nil && status.LastError != "":
			return "", fmt.Errorf("the app does not start: %s", status.LastError)
		case err != nil && !errors.Is(err, control.ErrNotRunning) && ctx.Err() == nil:
			return "", err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return "", errors.New("the server was stopped before it was ready")
		}
	}
}
