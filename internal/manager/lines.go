package manager

import (
	"bytes"
	"fmt"
)

// maxLine is how many bytes of a line are kept.
const maxLine = 64 << 10

// lines cuts a stream into lines. The zero value is ready once emit is set.
type lines struct {
	emit    func(line []byte) // the line without its end; valid during the call only
	partial []byte
	cut     int // bytes of the line that were not kept
}

// write takes the next bytes of the stream.
func (l *lines) write(b []byte) {
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			l.keep(b)
			return
		}
		if len(l.partial) == 0 && i <= maxLine {
			l.emit(bytes.TrimSuffix(b[:i], []byte("\r")))
		} else {
			l.keep(b[:i])
			l.flush()
		}
		b = b[i+1:]
	}
}

// end emits a last line that has no end.
func (l *lines) end() {
	if len(l.partial) > 0 {
		l.flush()
	}
}

func (l *lines) keep(b []byte) {
	n := min(len(b), maxLine-len(l.partial))
	l.partial = append(l.partial, b[:n]...)
	l.cut += len(b) - n
}

func (l *lines) flush() {
	if l.cut > 0 {
		l.partial = fmt.Appendf(l.partial, " [%d bytes cut]", l.cut)
	}
	l.emit(bytes.TrimSuffix(l.partial, []byte("\r")))
	l.cut = 0
	if cap(l.partial) > maxLine/4 {
		l.partial = nil // a long line is the exception; idle workers need not keep its memory
	}
	l.partial = l.partial[:0]
}
