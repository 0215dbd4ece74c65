package webapi

import (
	"bytes"
	"errors"
	"io"
	"iter"
)

var (
	errTruncated = errors.New("the compressed data ends too early")
	errTrailing  = errors.New("there is something behind the compressed data")
	errDropped   = errors.New("the stream was given up")
)

// inflater decompresses. Go's readers of compressed data want to read, but a
// stream gives its bytes when it has them: so the reader runs as a coroutine,
// which goes on when there are bytes and waits when it has read them all.
type inflater struct {
	in    []byte
	ended bool
	out   bytes.Buffer
	err   error
	done  bool

	resume func() (struct{}, bool)
	stop   func()
	wait   func(struct{}) bool
}

func newInflater(format string) *inflater {
	i := &inflater{}
	i.resume, i.stop = iter.Pull(func(yield func(struct{}) bool) {
		i.wait = yield
		r, err := newFormatReader(format, i)
		if err == nil {
			// Not by i.out.ReadFrom: what has come out is taken while it reads.
			_, err = io.Copy(struct{ io.Writer }{&i.out}, r)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errTruncated
		}
		i.err, i.done = err, true
	})
	return i
}

func (i *inflater) write(in []byte) ([]byte, error) {
	i.in = in
	if !i.done && len(in) > 0 {
		i.resume()
	}
	if i.err == nil && len(i.in) > 0 {
		i.err = errTrailing
	}
	i.in = nil
	return i.taken(), i.err
}

func (i *inflater) end() ([]byte, error) {
	i.ended = true
	if !i.done {
		i.resume()
	}
	return i.taken(), i.err
}

func (i *inflater) drop() { i.stop() }

func (i *inflater) taken() []byte {
	out := bytes.Clone(i.out.Bytes())
	i.out.Reset()
	return out
}

// more waits for bytes.
func (i *inflater) more() error {
	for len(i.in) == 0 {
		if i.ended {
			return io.EOF
		}
		if !i.wait(struct{}{}) {
			return errDropped
		}
	}
	return nil
}

// Read implements io.Reader.
func (i *inflater) Read(p []byte) (int, error) {
	if err := i.more(); err != nil {
		return 0, err
	}
	n := copy(p, i.in)
	i.in = i.in[n:]
	return n, nil
}

// ReadByte implements io.ByteReader.
func (i *inflater) ReadByte() (byte, error) {
	if err := i.more(); err != nil {
		return 0, err
	}
	b := i.in[0]
	i.in = i.in[1:]
	return b, nil
}
