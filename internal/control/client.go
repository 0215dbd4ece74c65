package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"
)

// ErrNotRunning says that there is no server of that name.
var ErrNotRunning = errors.New("no such server is running")

// Client talks to the server of one name. Its methods return an error that is
// ErrNotRunning when there is none.
type Client struct {
	dir, name string
	http      http.Client
}

// Dial returns a client. It connects when it is used.
func Dial(dir, name string) *Client {
	var d net.Dialer
	return &Client{dir: dir, name: name, http: http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.DialContext(ctx, "unix", socketPath(dir, name))
		},
	}}}
}

// Status asks for the status.
func (c *Client) Status(ctx context.Context) (*Status, error) {
	body, err := c.ask(ctx, http.MethodGet, "/status")
	if err != nil {
		return nil, err
	}
	defer body.Close()
	var s Status
	if err := json.NewDecoder(body).Decode(&s); err != nil {
		return nil, fmt.Errorf("status of %q: %w", c.name, err)
	}
	return &s, nil
}

// Restart replaces the workers and returns when that is done, or with the
// reason why the old ones still serve. progress is called with a line for
// people at each step.
func (c *Client) Restart(ctx context.Context, progress func(string)) error {
	body, err := c.ask(ctx, http.MethodPost, "/restart")
	if err != nil {
		return err
	}
	defer body.Close()
	for lines := json.NewDecoder(body); ; {
		var s step
		switch err := lines.Decode(&s); {
		case err != nil:
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("the server %q ended during the restart: %w", c.name, err)
		case s.Error != "":
			return errors.New(s.Error)
		case s.Done:
			return nil
		}
		progress(s.Progress)
	}
}

// Stop asks the server to stop and returns when it is gone: when its name is
// free again.
func (c *Client) Stop(ctx context.Context) error {
	body, err := c.ask(ctx, http.MethodPost, "/stop")
	if err != nil {
		return err
	}
	body.Close()
	// A lock tells nobody when it ends except one who waits to take it, and
	// the name must stay free for the next server: so look now and then.
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if running, err := held(c.dir, c.name); err != nil || !running {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (c *Client) ask(ctx context.Context, method, path string) (io.ReadCloser, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://rip-server"+path, nil)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(r)
	switch {
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, fmt.Errorf("%w: %q", ErrNotRunning, c.name)
	case err != nil:
		return nil, fmt.Errorf("server %q: %w", c.name, err)
	case response.StatusCode >= 300:
		response.Body.Close()
		return nil, fmt.Errorf("server %q: %s %s: %s", c.name, method, path, response.Status)
	}
	return response.Body, nil
}
