package driver

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// LimitDescriptors leaves the server room for so many more descriptors than it
// has, until the function that it returns is called.
func (s *Server) LimitDescriptors(more int) (lift func()) {
	s.t.Helper()
	open := map[string]bool{}
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.PID)) // the pattern is well formed
	for _, fd := range fds {
		open[filepath.Base(fd)] = true
	}
	least := 0 // from here on there are no numbers to have
	for free := 0; free < more; least++ {
		if !open[strconv.Itoa(least)] {
			free++
		}
	}
	var before unix.Rlimit
	limit := func(to, old *unix.Rlimit) {
		if err := unix.Prlimit(s.PID, unix.RLIMIT_NOFILE, to, old); err != nil {
			s.Fatalf("prlimit: %v", err)
		}
	}
	limit(nil, &before)
	limit(&unix.Rlimit{Cur: uint64(least), Max: before.Max}, nil)
	return func() { limit(&before, nil) }
}

// BreakFork makes every start of a process by the server fail with EAGAIN, as
// it does when there may be no more (fork(2)), until the function that it
// returns is called. It skips the test where that cannot be done. Only the
// thread that forks is troubled: a Go program cannot live without new threads.
func (s *Server) BreakFork() (mend func()) {
	s.t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		LeaveOut(s.t, "strace is not installed")
	}
	const calls = "clone,?clone3,?fork,?vfork"
	cmd := exec.Command(strace, "-p", strconv.Itoa(s.forker()), "-o", os.DevNull, "-e", "trace="+calls, "-e", "inject="+calls+":error=EAGAIN")
	out, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		s.Fatalf("strace: %v", err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "attached") {
			return func() {
				s.t.Helper()
				if err := cmd.Process.Signal(unix.SIGINT); err != nil {
					s.Fatalf("strace: %v", err)
				}
				_ = cmd.Wait() // its status is that of the signal
			}
		}
		if strings.Contains(lines.Text(), "not permitted") {
			LeaveOut(s.t, "strace may not attach")
		}
	}
	s.Fatalf("strace does not attach")
	return nil
}

// forker returns the thread of the server that starts processes: they inherit
// its policy, SCHED_BATCH, which no other thread has.
func (s *Server) forker() (tid int) {
	s.t.Helper()
	const batch = 3                                                       // sched(7)
	stats, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", s.PID)) // the pattern is well formed
	var found []int
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if n, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && fields[38] == strconv.Itoa(batch) {
			found = append(found, n)
		}
	}
	if len(found) != 1 {
		s.Fatalf("threads %v have the policy of those that fork, want one", found)
	}
	return found[0]
}

// LimitMemory lets a process have so many more bytes of memory than it has
// before the kernel kills it. It returns false where control groups are not for
// this user to make.
func (s *Server) LimitMemory(pid int, more int64) bool {
	s.t.Helper()
	var dir, limit string
	for _, kind := range [][2]string{{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"}, {"/sys/fs/cgroup", "memory.max"}} {
		group := filepath.Join(kind[0], "rip-test-"+strconv.Itoa(pid))
		if os.Mkdir(group, 0o700) != nil {
			continue
		}
		s.t.Cleanup(func() {
			await(s.t, "the control group is empty", func() bool {
				// It may have ended; else it must go elsewhere first.
				_ = os.WriteFile(filepath.Join(kind[0], "cgroup.procs"), []byte(strconv.Itoa(pid)), 0o600)
				return os.Remove(group) == nil
			})
		})
		if _, err := os.Stat(filepath.Join(group, kind[1])); err == nil {
			dir, limit = group, kind[1]
			break
		}
	}
	if dir == "" {
		return false
	}
	bytes := s.resident(pid) + more
	for _, w := range [][2]string{{limit, strconv.FormatInt(bytes, 10)}, {"cgroup.procs", strconv.Itoa(pid)}} {
		if err := os.WriteFile(filepath.Join(dir, w[0]), []byte(w[1]), 0o600); err != nil {
			s.t.Logf("control group: %v", err)
			return false
		}
	}
	return true
}
