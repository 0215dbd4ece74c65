package webapi

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// codec compresses or decompresses a stream of bytes: what comes in, goes out
// as far as that is possible.
type codec interface {
	write(in []byte) ([]byte, error)
	end() ([]byte, error)
	drop()
}

// codecs are the codecs of an engine, under the numbers its scripts know.
type codecs struct {
	open map[int]codec
	last int
}

func newCodecs() *codecs { return &codecs{open: map[int]codec{}} }

func (c *codecs) host() map[string]quickjs.Func {
	return map[string]quickjs.Func{
		"codecOpen": func(args []quickjs.Value) (any, error) {
			c.last++
			if compress := args[1].Bool(); compress {
				c.open[c.last] = newDeflater(args[0].String())
			} else {
				c.open[c.last] = newInflater(args[0].String())
			}
			return c.last, nil
		},
		"codecWrite": func(args []quickjs.Value) (any, error) {
			return c.use(args[0].Int(), func(codec codec) ([]byte, error) { return codec.write(args[1].View()) })
		},
		"codecEnd": func(args []quickjs.Value) (any, error) {
			id := args[0].Int()
			defer delete(c.open, id)
			return c.use(id, codec.end)
		},
		"codecDrop": func(args []quickjs.Value) (any, error) {
			id := args[0].Int()
			if codec, ok := c.open[id]; ok {
				codec.drop()
				delete(c.open, id)
			}
			return nil, nil
		},
	}
}

// use runs an operation of a codec. One that fails is given up.
func (c *codecs) use(id int, run func(codec) ([]byte, error)) (any, error) {
	codec, ok := c.open[id]
	if !ok {
		return nil, &quickjs.Error{Name: "TypeError", Message: "the stream has ended"}
	}
	out, err := run(codec)
	if err != nil {
		codec.drop()
		delete(c.open, id)
		return nil, &quickjs.Error{Name: "TypeError", Message: err.Error()}
	}
	if out == nil {
		out = []byte{}
	}
	return out, nil
}

// deflater compresses.
type deflater struct {
	out bytes.Buffer
	to  io.WriteCloser
}

func newDeflater(format string) *deflater {
	d := &deflater{}
	switch format {
	case "gzip":
		d.to = gzip.NewWriter(&d.out)
	case "deflate":
		d.to = zlib.NewWriter(&d.out)
	default:
		d.to, _ = flate.NewWriter(&d.out, flate.DefaultCompression) // fails for other levels only
	}
	return d
}

func (d *deflater) write(in []byte) ([]byte, error) {
	_, err := d.to.Write(in)
	return d.taken(), err
}

func (d *deflater) end() ([]byte, error) {
	err := d.to.Close()
	return d.taken(), err
}

func (d *deflater) drop() {}

func (d *deflater) taken() []byte {
	out := bytes.Clone(d.out.Bytes())
	d.out.Reset()
	return out
}

// newFormatReader reads a format of compression from one that is read byte by
// byte, so that it reads no further than to the end of the compressed data.
func newFormatReader(format string, from flate.Reader) (io.Reader, error) {
	switch format {
	case "gzip":
		r, err := gzip.NewReader(from)
		if err == nil {
			r.Multistream(false)
		}
		return r, err
	case "deflate":
		return zlib.NewReader(from)
	case "deflate-raw":
		return flate.NewReader(from), nil
	}
	return nil, fmt.Errorf("no format %q", format)
}
