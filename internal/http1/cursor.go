package http1

import "bytes"

// cursor walks over the lines of a head that arrives in pieces. Each call
// brings all that was received, the same bytes again and more; the cursor
// remembers where it stands so that no byte is searched twice.
type cursor struct {
	buf  []byte // as in the last call
	line int    // where the unfinished line begins
	seen int    // no LF between line and here
	err  *Error // the verdict, once it is a refusal
}

// next returns the next line without its CRLF, and nil when it is not
// complete, or with an error when it is no line or would end beyond limit.
func (c *cursor) next(buf []byte, limit int, tooLong *Error) ([]byte, *Error) {
	end := min(len(buf), limit)
	i := bytes.IndexByte(buf[c.seen:end], '\n')
	if i < 0 {
		c.seen = end
		if end == limit {
			return nil, tooLong
		}
		return nil, nil
	}
	start, lf := c.line, c.seen+i
	if lf == start || buf[lf-1] != '\r' {
		return nil, errBareLF
	}
	c.line, c.seen = lf+1, lf+1
	return buf[start : lf-1], nil
}

// moved reports whether buf is other memory than in the last call, so that
// slices kept since then must be moved with move.
func (c *cursor) moved(buf []byte) bool {
	return c.line > 0 && (cap(buf) != cap(c.buf) || &buf[0] != &c.buf[0])
}

// move returns the part of buf that stands where s stands in the buffer of the
// last call. The place of s follows from its capacity, which reaches to the
// end of that buffer.
func (c *cursor) move(s, buf []byte) []byte {
	if s == nil {
		return nil
	}
	at := cap(c.buf) - cap(s)
	return buf[at : at+len(s)]
}

func (c *cursor) moveFields(fields []Field, buf []byte) {
	for i := range fields {
		fields[i].Name = c.move(fields[i].Name, buf)
		fields[i].Value = c.move(fields[i].Value, buf)
	}
}
