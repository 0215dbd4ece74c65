package driver

import (
	"slices"

	"golang.org/x/sys/unix"
)

// Group returns the living processes of the process group that pid leads.
func (s *Server) Group(pid int) []int {
	var pids []int
	for _, p := range processes() {
		if group, err := unix.Getpgid(p.pid); err == nil && group == pid && p.state != 'Z' {
			pids = append(pids, p.pid)
		}
	}
	slices.Sort(pids)
	return pids
}
