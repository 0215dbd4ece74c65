package manager

import (
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/nowait"
)

// readAtOnce bounds what is read on behalf of one request, so that a worker
// that prints without end does not keep its own reply waiting.
const readAtOnce = 256 << 10

// pipeReader reads one of the pipes that a worker prints to, line by line.
type pipeReader struct {
	o    *output
	file *os.File
	raw  syscall.RawConn

	mu    sync.Mutex // a read and what becomes of it, so that lines keep their order
	lines lines
	label string
	buf   []byte
}

func newPipeReader(o *output, file *os.File, standardError bool) *pipeReader {
	r := &pipeReader{o: o, file: file, buf: make([]byte, 8<<10)}
	r.raw, _ = file.SyscallConn() // fails for a nil file only
	r.lines.emit = func(line []byte) {
		o.tail.add(line, standardError, r.label)
		o.transcript.add(line)
		o.backlog.add(r.label, line)
	}
	return r
}

// drain reads the pipe to its end.
func (r *pipeReader) drain() {
	for open := true; open; {
		err := r.raw.Read(func(fd uintptr) bool {
			n, err := r.take(int(fd), r.o.labelNow)
			open = n > 0 || err == unix.EINTR
			return err != unix.EAGAIN
		})
		open = open && err == nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines.end()
}

// take reads once. What is read was printed by the request that ran before: when
// the pipe is empty its reply may go out, and it is over. But where nothing was
// there before it was printed by one that runs now.
func (r *pipeReader) take(fd int, label func() string) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := label()
	n, err := nowait.Read(fd, r.buf)
	if n > 0 {
		if r.label = before; before == "" {
			r.label = label()
		}
		r.lines.write(r.buf[:n])
	}
	return n, err
}

func (r *pipeReader) descriptor() (n int) {
	_ = r.raw.Control(func(fd uintptr) { n = int(fd) })
	return n
}

// readNow reads what there is without waiting.
func (r *pipeReader) readNow(label string) {
	_ = r.raw.Control(func(fd uintptr) {
		for total := 0; total < readAtOnce; {
			n, err := r.take(int(fd), func() string { return label })
			if n <= 0 && err != unix.EINTR {
				return
			}
			total += max(n, 0)
		}
	})
}
