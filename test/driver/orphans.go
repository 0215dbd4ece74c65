package driver

import (
	"bytes"
	"os"
	"strconv"
)

// Orphans returns the living processes that were started with the server's run
// folder in their environment: the server, its workers and what these started.
func (s *Server) Orphans() []int {
	var pids []int
	for _, p := range processes() {
		// What cannot be read is gone, or somebody else's.
		env, _ := os.ReadFile("/proc/" + strconv.Itoa(p.pid) + "/environ")
		if p.state != 'Z' && bytes.Contains(env, []byte("LAB_JOURNAL="+s.journalPath()+"\x00")) {
			pids = append(pids, p.pid)
		}
	}
	return pids
}

// AwaitAddress waits until the server has said where it listens.
func (s *Server) AwaitAddress() { s.t.Helper(); s.awaitAddress() }
