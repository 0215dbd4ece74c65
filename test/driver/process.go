package driver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// process is a line of ps.
type process struct {
	pid, parent int
	state       byte // Z is a zombie
}

// processes returns what runs on the machine (proc_pid_stat(5)).
func processes() []process {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	var all []process
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The name, in parentheses, may hold anything.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil || len(fields) < 2 {
			continue
		}
		parent, err := strconv.Atoi(fields[1])
		if err != nil {
			continue
		}
		all = append(all, process{pid, parent, fields[0][0]})
	}
	return all
}

// children returns the child processes of the server, zombies among them.
func (s *Server) children() []process {
	var mine []process
	for _, p := range processes() {
		if p.parent == s.PID {
			mine = append(mine, p)
		}
	}
	return mine
}

// Alive tells whether a process runs; a zombie does not.
func Alive(pid int) bool {
	for _, p := range processes() {
		if p.pid == pid {
			return p.state != 'Z'
		}
	}
	return false
}

// Kill9 ends processes with SIGKILL, as a careless administrator would.
func (s *Server) Kill9(pids ...int) {
	s.t.Helper()
	for _, pid := range pids {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			s.Fatalf("kill -9 %d: %v", pid, err)
		}
	}
}

// AwaitGone waits until none of the processes runs.
func (s *Server) AwaitGone(pids ...int) {
	s.t.Helper()
	for _, pid := range pids {
		await(s.t, fmt.Sprintf("process %d is gone", pid), func() bool { return !Alive(pid) })
	}
}

// footprint is what a server holds of the machine: how many descriptors of
// each kind, and the files in its run folder and in its spool folder, whose name
// is another one after each start.
type footprint map[string]int

func (s *Server) measure() footprint {
	f := footprint{}
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.PID)) // the pattern is well formed
	for _, fd := range fds {
		target, err := os.Readlink(fd)
		if err != nil {
			continue // closed meanwhile
		}
		kind, _, _ := strings.Cut(target, ":[") // socket:[4711]
		if strings.HasPrefix(target, s.SpoolDir()) {
			kind = "in the spool folder"
		}
		f["descriptor "+kind]++
	}
	_ = filepath.WalkDir(s.RunDir(), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name := strings.TrimPrefix(path, s.RunDir())
			if dir := filepath.Dir(name); strings.HasSuffix(dir, ".notify") {
				name = dir + "/N" // numbered as workers start
			}
			f["file "+name]++
		}
		return nil
	})
	_ = filepath.WalkDir(s.SpoolDir(), func(_ string, entry fs.DirEntry, err error) error {
		if err == nil {
			f["spool "+entry.Type().String()]++ // folders too
		}
		return nil
	})
	return f
}

// atRest returns the footprint once nothing but the workers runs and it has
// stayed the same for a while: some of what a start needs is given back only
// after the server is healthy.
func (s *Server) atRest() footprint {
	s.t.Helper()
	last, same := s.measure(), 0
	s.Eventually("the server comes to rest", func() error {
		if err := s.onlyWorkers(); err != nil {
			same = 0
			return err
		}
		now := s.measure()
		if same++; now.difference(last) != "" {
			last, same = now, 0
		}
		if same < 30 {
			return errors.New("its descriptors still change")
		}
		return nil
	})
	return last
}

// onlyWorkers returns an error unless the child processes of the server are
// its workers, all alive.
func (s *Server) onlyWorkers() error {
	children := s.children()
	for _, p := range children {
		if p.state == 'Z' {
			return fmt.Errorf("process %d is a zombie", p.pid)
		}
	}
	if len(children) != s.workers {
		return fmt.Errorf("%d child processes, want %d workers", len(children), s.workers)
	}
	return nil
}

// difference says what is more or less in f than in the baseline.
func (f footprint) difference(baseline footprint) string {
	var b strings.Builder
	for kind, n := range f {
		if n != baseline[kind] {
			fmt.Fprintf(&b, "%s: %d, was %d; ", kind, n, baseline[kind])
		}
	}
	for kind, n := range baseline {
		if f[kind] == 0 {
			fmt.Fprintf(&b, "%s: none, was %d; ", kind, n)
		}
	}
	return b.String()
}
