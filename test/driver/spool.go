package driver

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Spooled returns how many files hold bodies and replies that do not fit in the
// server's memory, and how many bytes these are: files with a name, and those
// that the server alone has open.
func (s *Server) Spooled() (files int, bytes int64) {
	add := func(path string) {
		if info, err := os.Stat(path); err == nil {
			files++
			bytes += info.Size()
		}
	}
	_ = filepath.WalkDir(s.SpoolDir(), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(entry.Name(), "spool-") {
			add(path)
		}
		return nil
	})
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.PID)) // the pattern is well formed
	for _, fd := range fds {
		target, err := os.Readlink(fd)
		if err == nil && strings.HasPrefix(target, s.SpoolDir()) && strings.HasSuffix(target, " (deleted)") {
			add(fd)
		}
	}
	return files, bytes
}

// AwaitSpooled waits until so many files hold bodies and replies.
func (s *Server) AwaitSpooled(files int) {
	s.t.Helper()
	s.Eventually(fmt.Sprintf("%d files are in the spool", files), func() error {
		if n, bytes := s.Spooled(); n != files {
			return fmt.Errorf("%d files with %d bytes", n, bytes)
		}
		return nil
	})
}
