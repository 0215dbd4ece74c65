package http1

import "bytes"

// Bounds of the trailer section of one body.
const (
	maxTrailers      = 4 << 10 // bytes, its empty line included; also what net/http takes
	maxTrailerFields = 32
)

// forbiddenTrailers are names without an ID that ForbiddenTrailer refuses.
var forbiddenTrailers = []string{
	"Age", "Expires", "Max-Forwards", "Pragma", "Retry-After", "Vary", "WWW-Authenticate",
}

// ForbiddenTrailer reports whether a field must not come in a trailer section
// because it says how to frame, route, authenticate or process the message or
// how to read its content, which is decided by then (RFC 9110 section 6.5.1).
// The name must be a token.
func ForbiddenTrailer[T ~string | ~[]byte](name T) bool {
	switch {
	case hasPrefixFold(name, "content-"):
		return !EqualFold(name, "Content-Digest") // RFC 9530: known only at the end
	case hasPrefixFold(name, "if-"), hasPrefixFold(name, "proxy-"), hasPrefixFold(name, "x-forwarded-"):
		return true
	}
	for i := range knownFields {
		if knownFields[i].flags&(flagHop|flagNoTrailer) != 0 && EqualFold(name, knownFields[i].name) {
			return true
		}
	}
	for _, forbidden := range forbiddenTrailers {
		if EqualFold(name, forbidden) {
			return true
		}
	}
	return false
}

func hasPrefixFold[T ~string | ~[]byte](s T, prefix string) bool {
	return len(s) >= len(prefix) && EqualFold(s[:len(prefix)], prefix)
}

// checkTrailer looks at one line of the trailer section.
func (c *Chunked) checkTrailer(line []byte) *Error {
	var f Field
	if err := parseField(&f, line); err != nil {
		return err
	}
	if ForbiddenTrailer(f.Name) {
		return errTrailer
	}
	if c.count++; c.count > maxTrailerFields {
		return errTrailers
	}
	return nil
}

// appendTrailers parses the lines of a section that were checked, once it no
// longer moves.
func appendTrailers(fields []Field, section []byte) []Field {
	for len(section) > 0 {
		end := bytes.IndexByte(section, '\n')
		var f Field
		parseField(&f, section[:end-1])
		fields = append(fields, f)
		section = section[end+1:]
	}
	return fields
}
