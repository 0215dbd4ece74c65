package compile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// keptFor is how long something stays that nobody asks for.
const keptFor = 30 * 24 * time.Hour

// kept returns where the result of a file is kept. The name is made of all that
// the result depends on.
func (c *Compiler) kept(name string, source []byte) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%d %q %d ", len(c.script), name, len(source))
	sum.Write(c.script)
	sum.Write(source)
	return filepath.Join(c.Cache, hex.EncodeToString(sum.Sum(nil)[:16])+".js")
}

// touch says that a result is still of use. That it cannot be said costs another
// compilation some day.
func touch(path string) {
	now := time.Now()
	_ = os.Chtimes(path, now, now)
}

// keep writes a result, whole or not at all, and removes old ones.
func keep(path, code string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(dir, "draft-")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) // when it got its name it is not there
	_, err = draft.WriteString(code)
	if e := draft.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	prune(dir)
	return os.Rename(draft.Name(), path)
}

func prune(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > keptFor {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
