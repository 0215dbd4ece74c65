package http1

// maxExtensions bounds the chunk extensions of one body in bytes
// (RFC 9112 section 7.1.1).
const maxExtensions = 2 << 10

// maxChunkDigits bounds the digits of a chunk size, leading zeros included.
const maxChunkDigits = 16

// chunkSize reads the lines that begin the chunks of one body:
// chunk-size [ chunk-ext ] CRLF.
type chunkSize struct {
	n          uint64
	digits     int
	state      sizeState
	extensions int // bytes of them in all chunks so far
}

// sizeState is what the next byte of the line belongs to.
type sizeState uint8

const (
	sizeDigits     sizeState = iota // chunk-size
	sizeLF                          // LF after CR
	sizeName                        // first of chunk-ext-name
	sizeNameMore                    // rest of it
	sizeValue                       // first of chunk-ext-val
	sizeToken                       // rest of it, a token
	sizeQuoted                      // rest of it, a quoted-string
	sizeEscaped                     // byte after a backslash in a quoted-string
	sizeQuoteEnded                  // what follows a quoted-string
)

// next makes s ready for the next chunk of the body.
func (s *chunkSize) next() { *s = chunkSize{extensions: s.extensions} }

// read takes what it can of the line from src and returns how much that was,
// and whether the line is done.
func (s *chunkSize) read(src []byte) (n int, done bool, err *Error) {
	for i, c := range src {
		if s.state == sizeLF {
			if c != '\n' {
				return i, false, errBareCR
			}
			return i + 1, true, nil
		}
		if s.state == sizeDigits {
			err = s.digit(c)
		} else {
			err = s.extension(c)
		}
		if err != nil {
			return i, false, err
		}
	}
	return len(src), false, nil
}

func (s *chunkSize) digit(c byte) *Error {
	if byteClass[c]&classHex == 0 {
		if s.digits == 0 {
			return errChunkSize
		}
		return s.part(c, errChunkSize)
	}
	s.digits++
	if s.digits > maxChunkDigits || s.n >= 1<<59 {
		return errChunkSizeOverflow
	}
	d := c - '0'
	if c >= 'A' {
		d = (c | 0x20) - 'a' + 10
	}
	s.n = s.n<<4 | uint64(d)
	return nil
}

// part reads the byte that ends a size or an extension.
func (s *chunkSize) part(c byte, malformed *Error) *Error {
	switch c {
	case '\r':
		s.state = sizeLF
	case ';':
		s.state = sizeName
	case '\n':
		return errBareLF
	default:
		return malformed
	}
	return nil
}

// extension reads a byte of *( ";" name [ "=" ( token / quoted-string ) ] ).
func (s *chunkSize) extension(c byte) *Error {
	if s.extensions++; s.extensions > maxExtensions {
		return errChunkExtensions
	}
	token := byteClass[c]&classToken != 0
	switch {
	case s.state == sizeQuoted && c == '"':
		s.state = sizeQuoteEnded
	case s.state == sizeQuoted && c == '\\':
		s.state = sizeEscaped
	case (s.state == sizeQuoted || s.state == sizeEscaped) && byteClass[c]&classValue != 0:
		s.state = sizeQuoted
	case (s.state == sizeName || s.state == sizeNameMore) && token:
		s.state = sizeNameMore
	case (s.state == sizeValue || s.state == sizeToken) && token:
		s.state = sizeToken
	case s.state == sizeNameMore && c == '=':
		s.state = sizeValue
	case s.state == sizeValue && c == '"':
		s.state = sizeQuoted
	case s.state == sizeNameMore || s.state == sizeToken || s.state == sizeQuoteEnded:
		return s.part(c, errChunkExtension)
	default:
		return errChunkExtension
	}
	return nil
}
