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
	if path := v[cacheVariable]; path != "" {
		c.CacheDir, err = absoluteVariable(cacheVariable, path)
		return err
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		c.CacheDir = filepath.Join(c.RunDir, cacheInRun)
		return nil
	}
	c.CacheDir = filepath.Join(dir, "rip-server")
	return nil
}
