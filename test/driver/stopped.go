package driver

import (
	"fmt"
	"slices"
)

// AwaitStopped waits until processes that were sent SIGSTOP have stopped.
func (s *Server) AwaitStopped(pids ...int) {
	s.t.Helper()
	await(s.t, fmt.Sprintf("processes %v have stopped", pids), func() bool {
		stopped := 0
		for _, p := range processes() {
			if p.state == 'T' && slices.Contains(pids, p.pid) {
				stopped++
			}
		}
		return stopped == len(pids)
	})
}
