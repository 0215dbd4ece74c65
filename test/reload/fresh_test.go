package reload

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// A program that was built a moment before the server started is no change of
// the code: the workers that run it stay.
func TestFreshProgram(t *testing.T) {
	text, err := os.ReadFile(driver.Program(t, "examples/lab"))
	if err != nil {
		t.Fatal(err)
	}
	app := filepath.Join(t.TempDir(), "fresh")
	if err := os.WriteFile(app, text, 0o700); err != nil {
		t.Fatal(err)
	}
	s := driver.Start(t, driver.Options{App: app, Workers: 2})
	before := s.WorkerPIDs()
	for range 5 {
		s.Get("/ping")
		time.Sleep(120 * time.Millisecond) // then the next request looks at the files again
	}
	if now := s.WorkerPIDs(); !slices.Equal(before, now) {
		t.Errorf("the workers were %v, now they are %v", before, now)
	}
	if starts := len(s.LogLines("worker started")); starts != 2 {
		t.Errorf("%d workers were started", starts)
	}
	// What comes in its place is a change.
	if err := os.WriteFile(app+".new", text, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(app+".new", app); err != nil {
		t.Fatal(err)
	}
	time.Sleep(120 * time.Millisecond)
	s.Get("/ping")
	s.AwaitHealthy()
	for _, pid := range s.WorkerPIDs() {
		if slices.Contains(before, pid) {
			t.Errorf("process %d runs the program that was there before", pid)
		}
	}
}
