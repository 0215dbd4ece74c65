package runtimes

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// shims hold a worker in each language, a folder for each. They need nothing
// but the language's standard library.
//
//go:embed shims/python/*.py shims/python/rip_worker/*.py
//go:embed shims/node/*.cjs shims/node/rip_worker/*.cjs
var shims embed.FS

// shim puts the shim of a language into the cache, unless it is there, and
// returns its folder. The name of the folder depends on what is in it, so that
// workers of servers of another version find theirs.
func shim(language, cacheDir string) (dir string, err error) {
	files, err := shimFiles(language)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, f := range files {
		fmt.Fprintf(sum, "%q %q\n", f.name, f.text)
	}
	dir = filepath.Join(cacheDir, "shims", language+"-"+hex.EncodeToString(sum.Sum(nil)[:8]))
	for _, f := range files {
		if err := f.put(dir); err != nil {
			return "", fmt.Errorf("put the %s shim into the cache: %w", language, err)
		}
	}
	return dir, nil
}

// shimFile is a file of a shim.
type shimFile struct {
	name string // as seen from the shim's folder
	text []byte
}

func shimFiles(language string) (files []shimFile, err error) {
	root, err := fs.Sub(shims, "shims/"+language)
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		files = append(files, shimFile{name, text})
		return err
	})
	return files, err
}

// put writes the file unless it is there. Others may do so at the same time.
func (f shimFile) put(dir string) error {
	path := filepath.Join(dir, filepath.FromSlash(f.name))
	if text, err := os.ReadFile(path); err == nil && bytes.Equal(text, f.text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), draftPrefix)
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) // when it got its name it is not there
	_, err = draft.Write(f.text)
	if e := draft.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(draft.Name(), path)
}
