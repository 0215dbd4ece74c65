package entry

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	folderPrefix = "rip-spool-" // of the folders of servers
	folderLock   = "lock"       // file in each, locked (flock(2)) for as long as its server lives
	folderTries  = 10
)

// errNotMine is that a folder was taken for one that a killed server left
// before it was locked.
var errNotMine = errors.New("another server has removed it")

// spoolFolder is the folder of this server alone. Several servers, of several
// containers perhaps, may have theirs side by side.
type spoolFolder struct {
	path string
	lock *os.File
}

// claimFolder makes a folder (mode 0700) in parent, which is made when it is
// missing, and removes the folders there of servers that were killed.
func claimFolder(parent string) (*spoolFolder, error) {
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, err
	}
	for _, path := range entries(parent, folderPrefix) {
		if mine(path) {
			clearFolder(path)
		}
	}
	for try := 1; ; try++ {
		f, err := makeFolder(parent)
		if !errors.Is(err, errNotMine) || try == folderTries {
			return f, err
		}
	}
}

// makeFolder makes a folder and locks it.
func makeFolder(parent string) (*spoolFolder, error) {
	path, err := os.MkdirTemp(parent, folderPrefix)
	if err != nil {
		return nil, err
	}
	name := filepath.Join(path, folderLock)
	lock, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errNotMine
		}
		_ = os.Remove(path)
		return nil, err
	}
	err = flock(lock)
	if err == nil {
		_, err = os.Lstat(name) // it was there when it was locked, or it never will be again
	}
	switch {
	case errors.Is(err, unix.EWOULDBLOCK), errors.Is(err, fs.ErrNotExist):
		err = errNotMine
	case err == nil:
		return &spoolFolder{path, lock}, nil
	default:
		_ = os.RemoveAll(path)
	}
	lock.Close()
	return nil, err
}

// clearFolder removes the folder of a server that does not live any more. What
// cannot be removed now is removed another time.
func clearFolder(path string) {
	lock, err := os.OpenFile(filepath.Join(path, folderLock), os.O_RDWR, 0)
	if err != nil {
		_ = os.Remove(path) // it was killed before there was anything in it
		return
	}
	f := &spoolFolder{path, lock}
	if flock(lock) != nil {
		lock.Close()
		return
	}
	f.remove()
}

// remove removes the folder with all that a server puts there.
func (f *spoolFolder) remove() {
	for _, file := range append(entries(f.path, filePrefix), f.lock.Name()) {
		_ = os.Remove(file)
	}
	_ = os.Remove(f.path)
	f.lock.Close()
}

// mine tells a folder of this user from what others may have put beside it.
func mine(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Getuid()
}

// flock locks a file for this process, without waiting.
func flock(f *os.File) error {
	for {
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != unix.EINTR {
			if err != nil {
				return fmt.Errorf("lock %q: %w", f.Name(), err)
			}
			return nil
		}
	}
}

// entries returns the paths of what is in a folder and has a name that begins
// with prefix.
func entries(folder, prefix string) []string {
	list, _ := os.ReadDir(folder) // what cannot be read is of nobody here
	var paths []string
	for _, entry := range list {
		if strings.HasPrefix(entry.Name(), prefix) {
			paths = append(paths, filepath.Join(folder, entry.Name()))
		}
	}
	return paths
}
