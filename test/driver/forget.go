package driver

import (
	"os"
	"strconv"
	"strings"
)

// Forget empties the journal and the log, so that a long test needs no more
// memory than a short one. There must be no load, and everything been judged.
func (s *Server) Forget() {
	s.t.Helper()
	if races := s.log.matching("WARNING: DATA RACE"); len(races) > 0 {
		s.Fatalf("the server has a data race")
	}
	for _, path := range []string{s.journalPath(), s.log.file.Name()} {
		// Whoever writes appends (open(2), O_APPEND).
		if err := os.Truncate(path, 0); err != nil {
			s.Fatalf("forget: %v", err)
		}
	}
	s.log.start = 0
	s.log.forgotten = true
}

// Resident returns the resident memory of the server itself in bytes.
func (s *Server) Resident() int64 { s.t.Helper(); return s.resident(s.PID) }

func (s *Server) resident(pid int) int64 {
	s.t.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		s.Fatalf("%v", err)
	}
	fields := strings.Fields(string(text)) // proc_pid_statm(5)
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		s.Fatalf("%v", err)
	}
	return pages * int64(os.Getpagesize())
}
