package entry

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"github.com/rip-server/rip-server/internal/http1"
)

// static answers a request, whose head has n bytes, with a file of a folder that
// the entry serves. It returns false when the app has to answer: the path is in
// no such folder, or in the one of "/", which has no file for it. Every other
// prefix belongs to the files alone.
func (c *conn) static(n int) bool {
	m, rest := find(c.e.mounts, c.path)
	if m == nil {
		return false
	}
	reads := c.answer.head || string(c.method) == "GET"
	if !reads && m.prefix == "" {
		return false
	}
	c.enter(phaseWait)
	if !reads {
		c.skip(n)
		c.originate()
		c.refuse(&refusedMethod)
		return true
	}
	file, info, err := m.open(rest)
	if err != nil && m.prefix == "" && !scarce(err) && err != errSlash {
		return false
	}
	c.skip(n)
	c.originate()
	switch {
	case err == errSlash:
		c.redirect()
	case scarce(err):
		c.log.Reason = err.Error()
		c.refuse(&refusedFile)
	case err != nil:
		c.log.Reason = err.Error()
		c.refuse(&refusedPath)
	default:
		c.sendStatic(file, info, rest)
	}
	return true
}

// sendStatic answers with a file of a folder, and closes it. Clients may keep
// it and ask each time whether it has changed.
func (c *conn) sendStatic(file *os.File, info fs.FileInfo, rest string) {
	defer file.Close()
	w := newFileWriter(c, file)
	w.header.Set("Content-Type", contentType(extension(rest)))
	w.header.Set("X-Content-Type-Options", "nosniff")
	w.header.Set("Cache-Control", "no-cache")
	if err := w.serve(c.fileRequest(), info); err != nil {
		c.fail(err)
		return
	}
	c.done()
}

// scarce tells an error that the next try may not meet.
func scarce(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ENOMEM) || errors.Is(err, syscall.EIO)
}

// originate has the access log name the client where a proxy does.
func (c *conn) originate() {
	if !c.peer.trusted {
		return
	}
	var chain []byte
	for i := range c.request.Fields {
		if f := &c.request.Fields[i]; f.ID == http1.FieldXForwardedFor && len(f.Value) > 0 {
			chain = append(append(chain, f.Value...), ',')
		}
	}
	if len(chain) > 0 {
		c.nameClient(chain[:len(chain)-1])
	}
}

// redirect sends the client to the same path with a slash at its end. It begins
// with a single slash, see mount.check, so that it is no other host's.
func (c *conn) redirect() {
	target := c.request.Target
	c.closing()
	b := http1.AppendStatusLine(c.out, 301)
	b = append(append(b, "Location: "...), c.path...)
	b = append(append(b, '/'), target[len(c.path):]...)
	b = append(b, "\r\nCache-Control: no-cache\r\n"...)
	b = http1.AppendContentLength(b, 0)
	c.out = append(c.appendConnection(c.e.clock.appendDate(b)), "\r\n"...)
	c.log.Status = 301
	c.done()
}
