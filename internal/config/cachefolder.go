package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// cacheInRun is where a user without a home folder has what is built.
const cacheInRun = "cache"

// SpoolName is the name of the folder, in another one, that is used when
// --spool-dir names none.
const SpoolName = "spool"

// findFolders says where to keep things and where files may be sent from. It makes no folder, since most
// commands keep nothing.
func (c *Config) findFolders(v variables) (err error) {
	if c.run, err = v.runFolder(); err != nil {
		return err
	}
	if err := c.run.check(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c.RunDir = c.run.path
	if c.CacheDir, err = v.cacheFolder(c.RunDir); err != nil {
		return err
	}
	if c.SpoolDir == "" {
		c.SpoolDir = filepath.Join(c.CacheDir, SpoolName)
	}
	if c.Source("sendfile-roots") == "" && !strings.Contains(c.Dir, ":") {
		c.SendfileRoots = []string{c.Dir}
	}
	return nil
}

func (v variables) cacheFolder(run string) (string, error) {
	if path := v[cacheVariable]; path != "" {
		return absoluteVariable(cacheVariable, path)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return filepath.Join(run, cacheInRun), nil
	}
	return filepath.Join(dir, "rip-server"), nil
}
