package server

import (
	"errors"
	"path/filepath"

	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/entry"
)

// newEntry makes the entry. When its spool folder cannot be where nobody asked
// for it to be, such as in the home folder of a user without one that can be
// written to, it is in the run folder, which may be in memory.
func (s *server) newEntry(c entry.Config) (*entry.Entry, error) {
	if c.SendfileRoots == nil && s.cfg.Source("sendfile-roots") == "" {
		s.log.Warn("no file replies: the path of the app's folder has a colon, which separates folders for workers", "folder", s.cfg.Dir)
	}
	e, err := entry.New(c)
	if !errors.Is(err, entry.ErrSpool) {
		return e, err
	}
	if source := s.cfg.Source("spool-dir"); source != "" {
		return nil, &config.Problem{Text: source + ": " + err.Error(), Hint: "give a folder that this user can make folders in"}
	}
	s.log.Warn("bodies and replies that do not fit in memory go to the run folder; --spool-dir names another one", "error", err)
	c.SpoolDir = filepath.Join(s.cfg.RunDir, config.SpoolName)
	return entry.New(c)
}
