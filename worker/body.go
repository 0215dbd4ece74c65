package worker

import (
	"io"
	"net/http"
	"os"
	"sync"
)

// body is the body of a request: first what is in memory, then what a source
// has. A handler's goroutine may hold it for longer than the request lasts,
// and the memory belongs to the next request then: hence the mutex.
type body struct {
	mu     sync.Mutex
	memory []byte
	source io.ReadCloser // nil when all is in memory
	err    error         // what reading ends with, nil = io.EOF
	closed bool
}

// openFile returns a body that is in a file.
func openFile(path string) *body {
	f, err := os.Open(path)
	if err != nil {
		return &body{err: err}
	}
	return &body{source: f}
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return 0, http.ErrBodyReadAfterClose
	case len(b.memory) > 0:
		n := copy(p, b.memory)
		b.memory = b.memory[n:]
		return n, nil
	case b.source != nil:
		return b.source.Read(p)
	case b.err != nil:
		return 0, b.err
	}
	return 0, io.EOF
}

// WriteTo implements io.WriterTo, so that io.Copy needs no more memory than
// there is body. It does not hold the mutex while w takes its time.
func (b *body) WriteTo(w io.Writer) (total int64, err error) {
	b.mu.Lock()
	size := len(b.memory)
	if b.source != nil || size > 32<<10 {
		size = 32 << 10
	}
	b.mu.Unlock()
	buf := make([]byte, max(size, 1))
	for {
		n, err := b.Read(buf)
		if n > 0 {
			written, err := w.Write(buf[:n])
			total += int64(written)
			if err != nil {
				return total, err
			}
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// Close implements io.Closer. Nothing can be read after it.
func (b *body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.source != nil && !b.closed {
		b.source.Close()
	}
	b.closed = true
	b.memory = nil
	return nil
}

// end takes the body away from whoever still has it.
func (b *body) end() { _ = b.Close() }
