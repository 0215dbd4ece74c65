package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// cacheInRun is where a user without a home folder has what is built.
const cacheInRun = "cache"

// findFolders says where to keep things. It makes no folder, since most
// commands keep nothing.
func (c *Config) findFolders(v variables) (err error) {
	if c.run, err = v.runFolder(); err != nil {
		return err
	}
	if err := c.run.check(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c.RunDir = c.run.path
	c.CacheDir, err = v.cacheFolder(c.RunDir)
	return err
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
