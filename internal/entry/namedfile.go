package entry

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"syscall"

	"github.com/rip-server/rip-server/internal/http1"
)

// errSendfile is that the file a worker named in X-Sendfile cannot be sent.
var errSendfile = errors.New("X-Sendfile")

// errNotRegular is that a file is a folder, a pipe or the like.
var errNotRegular = errors.New("is not a regular file")

// openNamed opens the file that a worker named, if it lies in an allowed
// folder once all links are resolved.
func (e *Entry) openNamed(name string) (*os.File, fs.FileInfo, error) {
	if !filepath.IsAbs(name) {
		return nil, nil, fmt.Errorf("%w: %q is not an absolute path", errSendfile, name)
	}
	resolved, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errSendfile, err)
	}
	for _, root := range e.roots.follow() {
		inside, err := filepath.Rel(root, resolved)
		if err != nil || !filepath.IsLocal(inside) {
			continue
		}
		file, info, err := openRegular(root, inside)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", errSendfile, err)
		}
		return file, info, nil
	}
	return nil, nil, fmt.Errorf("%w: %q is outside the folders that are allowed", errSendfile, name)
}

// openRegular opens a regular file below root. A link that was put in its way
// since it was looked at leads nowhere, and a pipe does not block.
func openRegular(root, name string) (*os.File, fs.FileInfo, error) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, nil, err
	}
	defer dir.Close()
	return openRegularIn(dir, name)
}

func openRegularIn(dir *os.Root, name string) (*os.File, fs.FileInfo, error) {
	file, err := dir.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%q %w", name, errNotRegular)
	}
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, info, nil
}

// sendNamed answers with the file that the worker named instead of a body. The
// worker is free meanwhile.
func (c *conn) sendNamed() error {
	file, info, err := c.e.openNamed(c.answer.file)
	if err != nil {
		c.e.cfg.Log.Error("file reply refused", "error", err)
		return err
	}
	defer file.Close()
	c.response.Reset()
	if _, err := c.response.Parse(c.answer.fileHead, replyLimits); err != nil {
		return badReply(err.Error()) // cannot be: it was parsed before
	}
	w := newFileWriter(c, file)
	for i := range c.response.Fields {
		f := &c.response.Fields[i]
		switch f.ID {
		case http1.FieldContentLength, http1.FieldXSendfile, http1.FieldRipRequest, http1.FieldRipStats:
		case http1.FieldContentEncoding:
			// http.ServeContent would not give the length of what is encoded:
			// it suspects that something encodes what it writes.
			w.encoding = string(f.Value)
		default:
			if !f.Hop {
				w.header.Add(string(f.Name), string(f.Value))
			}
		}
	}
	r := c.fileRequest()
	if c.response.Status != 200 {
		w.status = c.response.Status
		r.Header = http.Header{}
	}
	return w.serve(r, info)
}
