package driver

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of times in proc_pid_stat(5), on every platform that Go
// runs on.
const clockTick = 10 * time.Millisecond

// CPU returns the CPU time that the server itself has spent.
func (s *Server) CPU() time.Duration {
	s.t.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(s.PID) + "/stat")
	if err != nil {
		s.Fatalf("%v", err)
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var ticks int
	for _, field := range fields[11:13] { // utime, stime
		n, err := strconv.Atoi(field)
		if err != nil {
			s.Fatalf("%v", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick
}

// Calm ends the test when the server spends more than half of a processor until
// the function that it returns is called.
func (s *Server) Calm() (end func()) {
	began, before := time.Now(), s.CPU()
	return func() {
		s.t.Helper()
		if cpu, took := s.CPU()-before, time.Since(began); cpu > took/2+10*clockTick {
			s.Fatalf("the server spent %v of CPU time in %v", cpu, took)
		}
	}
}
