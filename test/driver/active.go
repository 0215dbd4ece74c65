package driver

import (
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// recent is how many bytes of the journal tell who is active.
const recent = 16 << 10

// Active returns the workers that have lately run requests which carry an id, by
// the end of the journal. Under load they are about to run, run, or have just
// run one: which of these is over before anybody could look.
func (s *Server) Active() []int {
	s.t.Helper()
	f, err := os.Open(s.journalPath())
	if err != nil {
		s.Fatalf("journal: %v", err)
	}
	defer f.Close()
	if size, err := f.Seek(0, io.SeekEnd); err == nil {
		_, _ = f.Seek(max(0, size-recent), io.SeekStart) // cannot fail within a file
	}
	text, err := io.ReadAll(f)
	if err != nil {
		s.Fatalf("journal: %v", err)
	}
	active := map[int]bool{}
	for line := range strings.Lines(string(text)) {
		// The first line may be the end of one.
		if fields := strings.Fields(line); len(fields) == 3 {
			if pid, err := strconv.Atoi(fields[2]); err == nil {
				active[pid] = true
			}
		}
	}
	return slices.DeleteFunc(s.WorkerPIDs(), func(pid int) bool { return !active[pid] })
}
