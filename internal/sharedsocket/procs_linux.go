package sharedsocket

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// family returns a process and its descendants (proc_pid_task(5)).
func family(pid int) []int {
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", all[i])) // the pattern is well formed
		for _, list := range lists {
			b, _ := os.ReadFile(list) // it may have ended
			for word := range bytes.FieldsSeq(b) {
				if child, err := strconv.Atoi(string(word)); err == nil {
					all = append(all, child)
				}
			}
		}
	}
	return all
}

// sockets calls found with the inode of every socket that a process has open
// (proc_pid_fd(5)). It is not a picture of one moment.
func sockets(pid int, found func(inode uint32)) {
	dir := fmt.Sprintf("/proc/%d/fd/", pid)
	entries, _ := os.ReadDir(dir) // it may have ended
	for _, e := range entries {
		target, _ := os.Readlink(dir + e.Name())
		if text, ok := strings.CutPrefix(target, "socket:["); ok {
			if inode, err := strconv.ParseUint(strings.TrimSuffix(text, "]"), 10, 32); err == nil {
				found(uint32(inode))
			}
		}
	}
}

// strays returns the processes that have a socket open and are no descendants
// of this one.
func strays(inode uint32) []int {
	var holders []int
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is well formed
	for _, dir := range dirs {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		holds := false
		sockets(pid, func(found uint32) { holds = holds || found == inode })
		if holds {
			holders = append(holders, pid)
		}
	}
	mine := family(os.Getpid())
	return slices.DeleteFunc(holders, func(pid int) bool { return slices.Contains(mine, pid) })
}

// exiting tells whether a process is dead or about to be: it stops running
// before its descriptors are closed (proc_pid_stat(5)).
func exiting(pid int) bool {
	const flagExiting = 4 // PF_EXITING
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:]) // a name may hold anything
	if len(fields) < 7 {
		return true
	}
	flags, _ := strconv.ParseUint(string(fields[6]), 10, 64)
	return fields[0][0] == 'Z' || fields[0][0] == 'X' || flags&flagExiting != 0
}

// inodeOf returns the inode of a socket, 0 when it cannot be known.
func inodeOf(fd int) uint32 {
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil {
		return 0
	}
	return uint32(st.Ino)
}

// door opens what a path leads to, to connect to it also after a program has
// removed the path. It returns -1 and the path where that is not possible.
func door(path string) (fd int, address string) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, path
	}
	return fd, "/proc/self/fd/" + strconv.Itoa(fd)
}

// replaceListener puts a new listening socket, and its door, under the numbers
// of the old ones (dup3(2)), so that who connects meanwhile needs no lock.
func replaceListener(fd, opened int, path string) error {
	fresh, err := listen(path)
	if err != nil {
		return err
	}
	defer unix.Close(fresh)
	if err := unix.Dup3(fresh, fd, unix.O_CLOEXEC); err != nil || opened < 0 {
		return err
	}
	through, _ := door(path)
	if through < 0 {
		return fmt.Errorf("open %q failed", path)
	}
	defer unix.Close(through)
	return unix.Dup3(through, opened, unix.O_CLOEXEC)
}
