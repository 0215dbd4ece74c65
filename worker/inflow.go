package worker

import (
	"io"
	"os"
)

// inflow is the part of a request body that is still to come over a
// connection.
type inflow struct {
	fd   int
	left int64
}

// Read implements io.Reader.
func (f *inflow) Read(p []byte) (int, error) {
	if f.left == 0 {
		return 0, io.EOF
	}
	n, err := read(f.fd, p[:min(f.left, int64(len(p)))])
	f.left -= int64(n)
	if n == 0 && err == nil && len(p) > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Close implements io.Closer. The connection is needed for the reply.
func (f *inflow) Close() error { return nil }

// settle receives what is still to come of the body, before a part of the
// reply is sent: the server reads no reply until it has sent the whole
// request, and both would wait for each other. With keep the handler can still
// read it, from a file without a name.
func (b *body) settle(keep bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f, ok := b.source.(*inflow)
	if !ok || f.left == 0 {
		return
	}
	if keep && !b.closed {
		spill, err := spill(f)
		if err == nil {
			b.source = spill
			return
		}
		b.source, b.err = nil, err
	}
	_, _ = io.Copy(io.Discard, f)
}

func spill(from io.Reader) (*os.File, error) {
	f, err := os.CreateTemp("", "rip-body-")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name())
	if _, err = io.Copy(f, from); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
