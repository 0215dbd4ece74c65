package http1

import "bytes"

// Chunked decodes the chunked coding (RFC 9112 section 7.1). The zero value is
// ready; between two bodies it must be Reset.
type Chunked struct {
	size    chunkSize
	state   chunkState
	left    int64  // data bytes of the chunk still to come
	section []byte // trailer section so far
	line    int    // where the unfinished line of section begins
	count   int    // fields in section
	fields  []Field
	err     *Error
}

// chunkState is what the next byte belongs to.
type chunkState uint8

const (
	chunkHead    chunkState = iota // size and extensions
	chunkData                      // left bytes of it
	chunkDataCR                    // CR after the data
	chunkDataLF                    // LF after the data
	chunkTrailer                   // trailer section
	chunkDone
)

// Reset makes c ready for the next body. Trailers are no longer valid after it.
func (c *Chunked) Reset() {
	*c = Chunked{section: c.section[:0], fields: c.fields[:0]}
}

// Trailers returns the trailer fields once the body is done, in memory of c
// that is valid until Reset.
func (c *Chunked) Trailers() []Field { return c.fields }

// Decode takes what it can from src and copies the data in it to dst. It
// returns how many bytes it wrote to dst and took from src; it stops when src
// is used up, when dst is full and data comes next, or when the body with its
// trailer section is done, behind whose end it takes nothing. dst may be the
// same memory as src.
//
// An error is an *Error, which is then repeated at every further call; what
// was decoded before it is still counted.
//
// Beyond RFC 9112 it refuses whitespace around chunk extensions ("BWS"), more than 2 KiB
// of extensions in a body, and a trailer section of more than 4 KiB or 32
// fields or with a field that ForbiddenTrailer names.
func (c *Chunked) Decode(dst, src []byte) (ndst, nsrc int, done bool, err error) {
	for c.err == nil {
		if c.state == chunkData {
			n := copy(dst[ndst:], src[nsrc:nsrc+int(min(c.left, int64(len(src)-nsrc)))])
			ndst += n
			nsrc += n
			c.left -= int64(n)
			if c.left > 0 {
				return ndst, nsrc, false, nil
			}
			c.state = chunkDataCR
		}
		if c.state == chunkDone {
			return ndst, nsrc, true, nil
		}
		if nsrc == len(src) {
			return ndst, nsrc, false, nil
		}
		n, err := c.frame(src[nsrc:])
		nsrc += n
		c.err = err
	}
	return ndst, nsrc, false, c.err
}

// frame takes what it can of what stands between the data. src is not empty.
func (c *Chunked) frame(src []byte) (int, *Error) {
	switch c.state {
	case chunkDataCR:
		if src[0] != '\r' {
			return 0, errChunkEnd
		}
		c.state = chunkDataLF
		return 1, nil
	case chunkDataLF:
		if src[0] != '\n' {
			return 0, errChunkEnd
		}
		c.state = chunkHead
		return 1, nil
	case chunkTrailer:
		return c.trailer(src)
	}
	n, done, err := c.size.read(src)
	if done {
		c.left = int64(c.size.n)
		c.size.next()
		c.state = chunkData
		if c.left == 0 {
			c.state = chunkTrailer
		}
	}
	return n, err
}

// trailer takes what it can of the trailer section, up to the end of a line.
func (c *Chunked) trailer(src []byte) (int, *Error) {
	lf := bytes.IndexByte(src, '\n')
	n := lf + 1
	if lf < 0 {
		n = len(src)
	}
	if len(c.section)+n > maxTrailers {
		return 0, errTrailers
	}
	c.section = append(c.section, src[:n]...)
	if lf < 0 {
		return n, nil
	}
	start, end := c.line, len(c.section)-1
	c.line = len(c.section)
	if end == start || c.section[end-1] != '\r' {
		return 0, errBareLF
	}
	if end-1 == start {
		c.fields = appendTrailers(c.fields, c.section[:start])
		c.state = chunkDone
		return n, nil
	}
	return n, c.checkTrailer(c.section[start : end-1])
}
