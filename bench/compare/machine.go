package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// A tool is a program that a run needs and the Debian packages that have it.
type tool struct{ program, pkg string }

// tools are those that every run needs.
var tools = []tool{
	{"wrk", "wrk"},
	{"nginx", "nginx-light"},
	{"haproxy", "haproxy"},
	{"cc", "gcc libc6-dev"},
}

// checkTools returns an error that says how to install what is missing.
func checkTools(tools []tool) error {
	var programs, install []string
	for _, p := range tools {
		if _, err := exec.LookPath(p.program); err != nil {
			programs = append(programs, p.program)
			install = append(install, p.pkg)
		}
	}
	if len(programs) == 0 {
		return nil
	}
	return fmt.Errorf("not found: %s\non Debian: apt-get install %s", strings.Join(programs, ", "), strings.Join(install, " "))
}

// loadAverage returns how busy the machine was in the last minutes: a table
// that was made beside other work tells little.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 3 {
		return "unknown"
	}
	return strings.Join(fields[:3], " ")
}

// describeMachine returns what the numbers depend on, one line each.
func describeMachine(ctx context.Context, p *place, load string) []string {
	lines := []string{
		"date: " + time.Now().UTC().Format("2006-01-02"),
		fmt.Sprintf("machine: %s, %d CPUs, %s", processor(), runtime.NumCPU(), runtime.GOARCH),
		"kernel: " + version(ctx, p, "uname", "-sr"),
		"rip-server: " + version(ctx, p, "git", "describe", "--always", "--dirty"),
		"go: " + runtime.Version(),
		strings.TrimPrefix(version(ctx, p, "nginx", "-v"), "nginx version: "),
		version(ctx, p, "haproxy", "-v"),
		strings.TrimSuffix(version(ctx, p, "wrk", "-v"), " Copyright (C) 2012 Will Glozer"),
		version(ctx, p, "cc", "--version"),
		"node: " + version(ctx, p, "node", "--version"),
	}
	if bun, err := bunProgram(p); err == nil {
		lines = append(lines, "bun: "+version(ctx, p, bun, "--version"))
	}
	return append(lines, "load average before: "+load)
}

// version returns the first line that a program prints, whatever its exit
// status: wrk's is 1.
func version(ctx context.Context, p *place, name string, args ...string) string {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = p.root
	out, _ := cmd.CombinedOutput()
	line, _, _ := strings.Cut(string(out), "\n")
	if line = strings.TrimSpace(line); line == "" {
		return "unknown"
	}
	return line
}

var modelLine = regexp.MustCompile(`(?m)^model name\s*: (.+)$`)

func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	model := modelLine.FindSubmatch(info)
	if model == nil {
		return "unknown processor"
	}
	return string(model[1])
}
