package entry

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
)

// ErrSpool is that there can be no folder for what does not fit in memory.
var ErrSpool = errors.New("spool folder")

// spool is the place for what does not fit in memory: request bodies, which
// workers open by name, and replies to slow clients.
type spool struct {
	folder *spoolFolder
	create func(dir, pattern string) (*os.File, error) // os.CreateTemp; tests put a full disk in its place
	bytes  atomic.Int64
	files  atomic.Int64
}

// newSpool makes a folder for this server in dir.
func newSpool(dir string) (*spool, error) {
	folder, err := claimFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSpool, err)
	}
	return &spool{folder: folder, create: os.CreateTemp}, nil
}

// close removes the folder. A worker may still be running a request whose
// client is gone: nobody waits for what it makes of a body that is missing.
func (s *spool) close() { s.folder.remove() }

const filePrefix = "spool-"

// spoolFile is one file of the spool. It must be removed.
type spoolFile struct {
	s     *spool
	file  *os.File
	size  int64
	named bool
}

// named makes a file that workers can open by its path.
func (s *spool) named() (*spoolFile, error) {
	f, err := s.create(s.folder.path, filePrefix+"*") // mode 0600
	if err != nil {
		return nil, err
	}
	s.files.Add(1)
	return &spoolFile{s: s, file: f, named: true}, nil
}

// unnamed makes a file that the kernel removes when the server dies.
func (s *spool) unnamed() (*spoolFile, error) {
	f, err := s.named()
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.path()); err != nil {
		f.remove()
		return nil, err
	}
	f.named = false
	return f, nil
}

// Write appends to the file.
func (f *spoolFile) Write(b []byte) (int, error) {
	n, err := f.file.WriteAt(b, f.size)
	f.size += int64(n)
	f.s.bytes.Add(int64(n))
	return n, err
}

// seal closes the file, which stays for those who open it by its path: it may
// have to wait for long, and descriptors are few.
func (f *spoolFile) seal() { f.file.Close() }

func (f *spoolFile) path() string { return f.file.Name() }

func (f *spoolFile) remove() {
	if f.named {
		_ = os.Remove(f.path()) // gone already is as good
	}
	f.file.Close()
	f.s.files.Add(-1)
	f.s.bytes.Add(-f.size)
}

// noRoom tells whether writing failed because the disk is full.
func noRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
