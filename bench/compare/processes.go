package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of times in /proc/PID/stat: USER_HZ, 100 on Linux.
const clockTick = 10 * time.Millisecond

// cpu returns the CPU time that the processes of the target have had.
func (t *target) cpu() time.Duration {
	ticks := 0
	for _, pid := range t.processes() {
		fields := statOf(pid)
		if len(fields) > 12 { // proc_pid_stat(5): utime and stime are fields 14 and 15, and these begin with the third
			user, _ := strconv.Atoi(fields[11])
			system, _ := strconv.Atoi(fields[12])
			ticks += user + system
		}
	}
	return time.Duration(ticks) * clockTick
}

// processes returns the process ids of the target: what was started and all
// descendants.
func (t *target) processes() []string {
	mine := map[string]bool{}
	for _, proc := range t.procs {
		mine[strconv.Itoa(proc.Process.Pid)] = true
	}
	parents := map[string]string{}
	paths, _ := filepath.Glob("/proc/[0-9]*")
	for _, path := range paths {
		pid := filepath.Base(path)
		if fields := statOf(pid); len(fields) > 1 {
			parents[pid] = fields[1]
		}
	}
	var pids []string
	for pid := range parents {
		for up := pid; up != ""; up = parents[up] {
			if mine[up] {
				pids = append(pids, pid)
				break
			}
		}
	}
	return pids
}

// statOf returns what follows the name in /proc/PID/stat: state, parent and so on.
func statOf(pid string) []string {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return nil
	}
	return strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
}

var pssLine = regexp.MustCompile(`(?m)^Pss:\s+(\d+) kB`)

// memory returns the bytes that the processes of the target use, pages that
// several share divided among them (proportional set size, proc_pid_smaps(5)).
func (t *target) memory(ctx context.Context) (float64, error) {
	total := 0.0
	for _, pid := range t.processes() {
		text, err := os.ReadFile("/proc/" + pid + "/smaps_rollup")
		if err != nil {
			return 0, err
		}
		pss := pssLine.FindSubmatch(text)
		if pss == nil {
			return 0, fmt.Errorf("no Pss of process %s", pid)
		}
		kb, _ := strconv.ParseFloat(string(pss[1]), 64)
		total += kb * 1024
	}
	return total, ctx.Err()
}
