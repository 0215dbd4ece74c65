package scenario

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// A file where a socket should be is nobody's to remove, whatever holds it.
func TestScenarioFileAtSocketPath(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		s := driver.Start(t, o)
		var sockets []string
		entries, err := os.ReadDir(s.RunDir())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Type()&os.ModeSocket != 0 {
				sockets = append(sockets, filepath.Join(s.RunDir(), e.Name()))
			}
		}
		if len(sockets) == 0 {
			t.Fatal("there is no socket in the run folder")
		}
		s.Stop()
		for _, path := range sockets {
			if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, status := s.Run(s.App(), "http:127.0.0.1:0", "--socket="+o.Socket); status != 1 {
				t.Errorf("%s: exit status %d, printed %s", path, status, out)
			}
			if text, err := os.ReadFile(path); string(text) != "precious" {
				t.Errorf("%s holds %q, %v", path, text, err)
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Two servers are started together on the same paths: one serves, the other one
// says so and exits with status 1, and takes nothing of the first away.
func TestScenarioTwoServersAtOnce(t *testing.T) {
	driver.Scenario(t, func(t *testing.T, o driver.Options) {
		o.Pending, o.Workers = true, 2
		for range driver.Scaled(50) {
			s := driver.Start(t, o)
			winner, loser := s, s.Rival()
			select {
			case <-s.Ended():
				winner, loser = loser, winner
			case <-loser.Ended():
			case <-time.After(driver.Patience):
				t.Fatal("both go on")
			}
			if status := loser.Exit(); status != 1 {
				loser.Fatalf("exit status %d", status)
			}
			if len(loser.LogLines("is already running")) != 1 {
				loser.Fatalf("it does not say why it ends")
			}
			winner.AwaitHealthy()
			winner.Judge(winner.Load(driver.Plain(2, 20)).Wait())
			if status := winner.Stop(); status != 0 {
				winner.Fatalf("exit status %d", status)
			}
			winner.NothingLeft()
		}
	})
}
