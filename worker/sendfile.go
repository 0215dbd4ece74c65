package worker

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/rip-server/rip-server/internal/http1"
)

const (
	// envSendfile names the folders, separated as in PATH, whose files the
	// server sends itself. Files in them must outlive the reply.
	envSendfile = "RIP_SENDFILE"

	// headerSendfile names a file that the server sends in place of a body.
	headerSendfile = "X-Sendfile"
)

// file is what *os.File and the wrapper in which io.Copy passes one on have in
// common.
type file interface {
	io.ReaderAt
	io.Seeker
	Name() string
	Stat() (fs.FileInfo, error)
	SyscallConn() (syscall.RawConn, error)
}

// sendFile lets the server send src when that comes to the same: src is all of
// a file, from its beginning, and all of the reply. It returns the size.
func (r *response) sendFile(src io.Reader) (int64, bool) {
	if len(r.w.seat.sendfile) == 0 || !r.hasBody() || r.status != http.StatusOK || r.sent || r.written > 0 {
		return 0, false
	}
	limited, ok := src.(*io.LimitedReader) // as http.ServeContent passes it
	if ok {
		src = limited.R
	}
	f, ok := src.(file)
	if !ok {
		return 0, false
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return 0, false
	}
	size := info.Size()
	if limited != nil && limited.N < size || r.length >= 0 && r.length != size {
		return 0, false
	}
	if at, err := f.Seek(0, io.SeekCurrent); err != nil || at != 0 {
		return 0, false
	}
	path, ok := r.w.seat.sendable(f.Name(), info)
	if !ok {
		return 0, false
	}
	if !r.typed {
		n, _ := f.ReadAt(r.w.out[r.body:r.body+sniffed], 0)
		r.end = r.body + n
		r.sniff()
		r.end = r.body
	}
	if _, err := f.Seek(size, io.SeekStart); err != nil {
		return 0, false
	}
	if limited != nil {
		limited.N -= size
	}
	r.file, r.written = path, size
	return size, true
}

// takeFileBack makes a file that was left to the server the beginning of a
// body, because the handler has more to say.
func (r *response) takeFileBack() error {
	path, size := r.file, r.written
	r.file, r.written, r.torn = "", 0, true
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.CopyN(struct{ io.Writer }{r}, f, size); err != nil {
		return err
	}
	r.torn = false
	return nil
}

// sendable returns the path of a file without symbolic links, if the server
// may send it and the path still leads to this file.
func (s *seat) sendable(name string, info fs.FileInfo) (string, bool) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", false
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", false
	}
	found, err := os.Stat(path)
	if err != nil || !os.SameFile(found, info) {
		return "", false
	}
	if !http1.ValidFieldValue(path) || strings.TrimSpace(path) != path {
		return "", false
	}
	for _, folder := range s.sendfile {
		if strings.HasPrefix(path, folder) {
			return path, true
		}
	}
	return "", false
}

// realFolders returns folders without symbolic links and with a slash at the
// end. Those that do not exist are left out.
func realFolders(folders []string) []string {
	var real []string
	for _, folder := range folders {
		path, err := filepath.EvalSymlinks(folder)
		if err == nil && filepath.IsAbs(path) {
			real = append(real, strings.TrimSuffix(path, "/")+"/")
		}
	}
	return real
}
