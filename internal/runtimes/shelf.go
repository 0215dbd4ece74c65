package runtimes

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	programPrefix = "app-"   // then the hash of the content
	draftPrefix   = "build-" // a build under way
)

// shelf is the folder that keeps the programs built from one app, each under a
// name that is made of its content: it never changes, whoever runs it. A file
// lock (flock(2)) on the folder keeps builds of several servers apart, and one
// on each program keeps it while a server may still start it; both end by
// themselves with the server.
type shelf struct {
	dir  string
	lock *os.File
}

// openShelf waits until no other build for the app is under way.
func openShelf(ctx context.Context, cacheDir, app string) (*shelf, error) {
	sum := sha256.Sum256([]byte(app))
	dir := filepath.Join(cacheDir, filepath.Base(app)+"-"+hex.EncodeToString(sum[:6]))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return &shelf{dir: dir, lock: lock}, nil
		}
		if err != unix.EWOULDBLOCK && err != unix.EINTR {
			lock.Close()
			return nil, fmt.Errorf("lock %q: %w", lock.Name(), err)
		}
		select {
		case <-ctx.Done():
			lock.Close()
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *shelf) close() { s.lock.Close() }

// draft returns the path for a build: a copy of the program that was used
// last, or an empty file. Never that program itself, which may be running.
func (s *shelf) draft() (path string, err error) {
	draft, err := os.CreateTemp(s.dir, draftPrefix)
	if err != nil {
		return "", err
	}
	defer draft.Close()
	last, err := os.Open(s.newest())
	if err != nil {
		return draft.Name(), nil
	}
	defer last.Close()
	if _, err := io.Copy(draft, last); err != nil {
		s.discard(draft.Name())
		return "", fmt.Errorf("copy the last build: %w", err)
	}
	return draft.Name(), nil
}

// discard removes a draft, if it is still one.
func (s *shelf) discard(draft string) { _ = os.Remove(draft) }

// store keeps a text as keep does a program.
func (s *shelf) store(text []byte) (path string, hold *os.File, err error) {
	draft, err := os.CreateTemp(s.dir, draftPrefix)
	if err != nil {
		return "", nil, err
	}
	defer s.discard(draft.Name())
	_, err = draft.Write(text)
	if e := draft.Close(); err == nil {
		err = e
	}
	if err != nil {
		return "", nil, err
	}
	return s.keep(draft.Name())
}

// keep gives a finished draft its name, unless that program is there already.
// hold, until it is closed, keeps the program; others that nobody holds are
// removed.
func (s *shelf) keep(draft string) (program string, hold *os.File, err error) {
	sum, err := hash(draft)
	if err != nil {
		return "", nil, err
	}
	program = filepath.Join(s.dir, programPrefix+sum)
	if _, err := os.Stat(program); err != nil {
		if err := os.Chmod(draft, 0o700); err != nil {
			return "", nil, err
		}
		if err := os.Rename(draft, program); err != nil {
			return "", nil, err
		}
	}
	now := time.Now()
	if err := os.Chtimes(program, now, now); err != nil {
		return "", nil, err
	}
	if hold, err = os.Open(program); err != nil {
		return "", nil, err
	}
	if err := unix.Flock(int(hold.Fd()), unix.LOCK_SH|unix.LOCK_NB); err != nil {
		hold.Close()
		return "", nil, fmt.Errorf("lock %q: %w", program, err)
	}
	s.prune(program)
	return program, hold, nil
}

// prune removes programs that no server holds, and drafts of builds that were
// killed. What cannot be removed now will be another time.
func (s *shelf) prune(program string) {
	for _, path := range s.list("") {
		name := filepath.Base(path)
		switch {
		case path == program:
		case strings.HasPrefix(name, draftPrefix):
			_ = os.Remove(path)
		case strings.HasPrefix(name, programPrefix) && !held(path):
			_ = os.Remove(path)
		}
	}
}

// newest returns the program that was kept last, "" when there is none.
func (s *shelf) newest() string {
	var newest string
	var at time.Time
	for _, path := range s.list(programPrefix) {
		if info, err := os.Stat(path); err == nil && info.ModTime().After(at) {
			newest, at = path, info.ModTime()
		}
	}
	return newest
}

func (s *shelf) list(prefix string) []string {
	entries, _ := os.ReadDir(s.dir)
	var paths []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			paths = append(paths, filepath.Join(s.dir, e.Name()))
		}
	}
	return paths
}

// held tells whether a server may still start a program.
func held(program string) bool {
	f, err := os.Open(program)
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	defer f.Close()
	return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil
}

func hash(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}
