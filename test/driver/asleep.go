package driver

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// AwaitAsleep waits until no thread of the processes runs or waits for a
// processor (proc_pid_stat(5)): what a busy machine does not tell from idleness,
// the kernel does.
func (s *Server) AwaitAsleep(pids ...int) {
	s.t.Helper()
	for end := time.Now().Add(Patience); ; {
		awake := 0
		for _, pid := range pids {
			awake += threadsAwake(pid)
		}
		if awake == 0 {
			return
		}
		if time.Now().After(end) {
			s.Fatalf("%d threads of the processes %v are awake", awake, pids)
		}
	}
}

func threadsAwake(pid int) (awake int) {
	stats, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid)) // the pattern is well formed
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		if _, after, _ := strings.Cut(string(text), ") "); !strings.HasPrefix(after, "S") {
			awake++
		}
	}
	return awake
}
