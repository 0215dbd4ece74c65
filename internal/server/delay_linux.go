package server

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// userHertz is the unit of times in proc_pid_stat(5), on all platforms of Linux
// that this runs on.
const userHertz = 100

// delayOf returns for how long each thread of a process has waited for a processor
// that others used (the second number of /proc/PID/task/TID/schedstat, in ns),
// and the CPU time of the children that the process has waited for.
func delayOf(pid int) (delay map[string]time.Duration, children time.Duration, ok bool) {
	delay = map[string]time.Duration{}
	stats, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	for _, stat := range stats {
		b, err := os.ReadFile(stat)
		if err != nil {
			continue // the thread has ended
		}
		if fields := bytes.Fields(b); len(fields) > 1 {
			ns, err := strconv.ParseInt(string(fields[1]), 10, 64)
			ok = ok || err == nil
			delay[stat] = time.Duration(ns)
		}
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, 0, false
	}
	// Behind the name, which is in brackets, comes the third field.
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	for _, i := range []int{16 - 3, 17 - 3} { // cutime and cstime, counted from 1
		if i < len(fields) {
			ticks, _ := strconv.ParseInt(string(fields[i]), 10, 64)
			children += time.Duration(ticks) * time.Second / userHertz
		}
	}
	return delay, children, ok
}
