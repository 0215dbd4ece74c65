package driver

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// RaceDetector tells whether the server runs under the race detector, which
// takes several times as much memory.
func RaceDetector() bool { return raceEnabled }

// Growth measures how much the server's memory grows: call what it returns to
// get by how many bytes its largest resident set was larger than the resident
// set now (VmHWM and VmRSS, proc_pid_status(5)).
func (s *Server) Growth() func() int64 {
	s.t.Helper()
	// This makes the largest so far that of now (proc_pid_clear_refs(5)).
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.PID), []byte("5"), 0); err != nil {
		s.Fatalf("%v", err)
	}
	before := s.memory("VmRSS")
	return func() int64 { return s.memory("VmHWM") - before }
}

func (s *Server) memory(field string) int64 {
	s.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.PID))
	if err != nil {
		s.Fatalf("%v", err)
	}
	for line := range bytes.Lines(text) {
		words := bytes.Fields(line)
		if len(words) == 3 && string(words[0]) == field+":" {
			if kb, err := strconv.ParseInt(string(words[1]), 10, 64); err == nil {
				return kb << 10
			}
		}
	}
	s.Fatalf("there is no %s in %q", field, text)
	return 0
}
