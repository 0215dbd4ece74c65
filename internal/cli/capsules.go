package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/rip-server/rip-server/internal/capsule"
	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/control"
)

func (s *session) capsules(ctx context.Context, in invocation) error {
	shelf, err := s.findShelf(ctx, in)
	if err != nil {
		return err
	}
	list, err := capsule.List(shelf.dir)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintf(s.stdout, "no capsules in %s\n", shelf.dir)
		return err
	}
	table := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tTIME\tREQUEST\tENDED")
	for _, c := range list {
		ended := c.Ended + ": " + c.How
		if c.How == c.Ended {
			ended = c.Ended
		}
		fmt.Fprintf(table, "%s\t%s\t%s %s\t%s\n", c.ID, c.Time.Local().Format(time.DateTime), c.Method, shorten(c.Target), ended)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "\nin %s\n", shelf.dir)
	return err
}

const maxTarget = 60 // of a request target in the table

func shorten(target string) string {
	if len(target) > maxTarget {
		return target[:maxTarget-3] + "..."
	}
	return target
}

func (s *session) replay(ctx context.Context, in invocation) error {
	shelf, err := s.findShelf(ctx, in)
	if err != nil {
		return err
	}
	c, err := capsule.Find(shelf.dir, in.capsule)
	if errors.Is(err, capsule.ErrNotFound) {
		return &config.Problem{Text: fmt.Sprintf("capsule %q: %v", in.capsule, err), Hint: "rip-server capsules lists them"}
	}
	switch {
	case err != nil:
		return err
	case in.alone:
		return s.replayAlone(ctx, c)
	case shelf.absent != nil:
		shelf.absent.Hint = "start it, or add --alone"
		return shelf.absent
	}
	return s.send(ctx, c, shelf.address)
}

// shelf is where the capsules of an app are.
type shelf struct {
	dir     string
	address string          // of its server
	absent  *config.Problem // that there is none, nil = it runs
}

// findShelf asks the server where its capsules are. Of one that does not run
// any more they are where they are by default.
func (s *session) findShelf(ctx context.Context, in invocation) (found shelf, err error) {
	err = s.talk(in, func(server *control.Client) error {
		status, err := server.Status(ctx)
		if err != nil {
			return err
		}
		if found.dir, found.address = status.Capsules, status.Address; found.dir == "" {
			return &config.Problem{
				Text: fmt.Sprintf("the server %q keeps no capsules", status.App),
				Hint: "start it with --capsules=on; docs/capsules.md says what that keeps",
			}
		}
		return nil
	})
	if absent, ok := errors.AsType[notRunning](err); ok {
		found.absent = absent.Problem
		found.dir, err = config.CapsuleDir(s.environ, absent.name)
	}
	return found, err
}

// send sends the request again and shows the answer. One that says that the
// server failed is a failure.
func (s *session) send(ctx context.Context, c *capsule.Capsule, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	r, err := c.Send(ctx, u.Host)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	var head bytes.Buffer
	_ = r.Header.Write(&head) // a buffer takes everything
	fmt.Fprintf(s.stdout, "%s %s\n%s\n", r.Proto, r.Status, bytes.ReplaceAll(head.Bytes(), []byte("\r\n"), []byte("\n")))
	if _, err := io.Copy(s.stdout, r.Body); err != nil {
		return fmt.Errorf("the answer broke off: %w", err)
	}
	if r.StatusCode >= 500 {
		return fmt.Errorf("%s %s was answered %s", c.Method, shorten(c.Target), r.Status)
	}
	return nil
}
