package http1

import "encoding/binary"

// Classes of a byte, one bit each.
const (
	classToken = 1 << iota // tchar, RFC 9110 section 5.6.2
	classValue             // HTAB, SP, VCHAR, obs-text: RFC 9110 section 5.5
	classHost              // unreserved, sub-delims: a reg-name without percent-encoding, RFC 3986 section 3.2.2
	classHex               // HEXDIG
)

var byteClass = func() (t [256]byte) {
	for c := range 256 {
		switch {
		case '0' <= c && c <= '9':
			t[c] = classToken | classHost | classHex
		case 'a' <= c && c <= 'f', 'A' <= c && c <= 'F':
			t[c] = classToken | classHost | classHex
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			t[c] = classToken | classHost
		}
		if c == '\t' || c >= ' ' && c != 0x7f {
			t[c] |= classValue
		}
	}
	for _, c := range []byte("!#$%&'*+-.^_`|~") {
		t[c] |= classToken
	}
	for _, c := range []byte("-._~" + "!$&'()*+,;=") {
		t[c] |= classHost
	}
	return t
}()

// ValidFieldName reports whether name is a field name, which is a token
// (RFC 9110 sections 5.1 and 5.6.2).
func ValidFieldName[T ~string | ~[]byte](name T) bool {
	for i := range len(name) {
		if byteClass[name[i]]&classToken == 0 {
			return false
		}
	}
	return len(name) > 0
}

// ValidFieldValue reports whether value can be written as a field value: it
// has no control characters but HTAB (RFC 9110 section 5.5). Whitespace at its
// ends is not part of a value; the recipient will not see it.
func ValidFieldValue[T ~string | ~[]byte](value T) bool {
	for i := range len(value) {
		if byteClass[value[i]]&classValue == 0 {
			return false
		}
	}
	return true
}

// EqualFold reports whether a and b are equal but for the case of ASCII
// letters. Unlike bytes.EqualFold it does not take U+212A for a k.
func EqualFold[A, B ~string | ~[]byte](a A, b B) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// validValue is ValidFieldValue, eight bytes at a time.
func validValue(b []byte) bool {
	if len(b) < 8 {
		return ValidFieldValue(b)
	}
	for i := 0; i+8 < len(b); i += 8 {
		if suspect(binary.LittleEndian.Uint64(b[i:])) && !ValidFieldValue(b[i:i+8]) {
			return false
		}
	}
	last := b[len(b)-8:]
	return !suspect(binary.LittleEndian.Uint64(last)) || ValidFieldValue(last)
}

// suspect reports whether one of the eight bytes is below 0x20 or is 0x7f.
func suspect(w uint64) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	del := w ^ 0x7f*ones
	return ((w-0x20*ones)&^w|(del-ones)&^del)&high != 0
}
