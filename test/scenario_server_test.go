package test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// A file where a socket should be is nobody's to remove, whatever holds it.
func TestScenarioFileAtSocketPath(t *testing.T) {
	scenario(t, func(t *testing.T, o driver.Options) {
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
