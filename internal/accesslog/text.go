package accesslog

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// maxText is how many bytes of one text from outside a line shows. A target
// may be allowed to be longer; the log is no place for it.
const maxText = 8 << 10

const cut = "…"

// textBound returns a number of bytes that s does not exceed in a line,
// whatever it holds: the longest escape is six bytes for one.
func textBound(s string) int { return 6*min(len(s), maxText) + len(cut) }

const hex = "0123456789abcdef"

// isPlain tells of every byte whether it stands for itself in both formats.
var isPlain = func() (plain [256]bool) {
	for c := '!'; c < 0x7f; c++ {
		plain[c] = c != '"' && c != '\'' && c != '`' && c != '\\'
	}
	return plain
}()

// plain returns how many bytes of s from the first on are plain: mostly all.
func plain(s string) int {
	for i := range len(s) {
		if !isPlain[s[i]] {
			return i
		}
	}
	return len(s)
}

// appendText adds s for people, so that it can neither end the line nor pass
// for another part of it nor move the cursor of a terminal: spaces, quotes,
// backslashes and what does not print are escaped as in Go.
func appendText(b []byte, s string) []byte {
	s, whole := shorten(s)
	i := plain(s)
	b = append(b, s[:i]...)
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if isPlain[c] {
				b = append(b, c)
			} else {
				b = append(b, '\\', 'x', hex[c>>4], hex[c&15])
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || !unicode.IsPrint(r) {
			for ; n > 0; n-- {
				b = append(b, '\\', 'x', hex[s[i]>>4], hex[s[i]&15])
				i++
			}
			continue
		}
		b = append(b, s[i:i+n]...)
		i += n
	}
	if !whole {
		b = append(b, cut...)
	}
	return b
}

// appendJSONText adds s as a JSON string (RFC 8259, section 7). Bytes that are
// not UTF-8 become U+FFFD; what does not print is escaped, because logs are
// looked at in terminals too.
func appendJSONText(b []byte, s string) []byte {
	s, whole := shorten(s)
	b = append(b, '"')
	i := plain(s)
	b = append(b, s[:i]...)
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			switch {
			case c == '"' || c == '\\':
				b = append(b, '\\', c)
			case c < ' ' || c == 0x7f:
				b = appendUnit(b, uint16(c))
			default:
				b = append(b, c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b = appendUnit(b, utf8.RuneError)
		case unicode.IsPrint(r):
			b = append(b, s[i:i+n]...)
		case r < 1<<16:
			b = appendUnit(b, uint16(r))
		default:
			r -= 1 << 16
			b = appendUnit(b, uint16(0xd800+r>>10))
			b = appendUnit(b, uint16(0xdc00+r&0x3ff))
		}
		i += n
	}
	if !whole {
		b = append(b, cut...)
	}
	return append(b, '"')
}

func appendUnit(b []byte, u uint16) []byte {
	return append(b, '\\', 'u', hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15])
}

// shorten returns at most maxText bytes of s, and whether that is all of it.
func shorten(s string) (string, bool) {
	if len(s) <= maxText {
		return s, true
	}
	n := maxText
	for n > maxText-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n], false
}

// appendDecimal adds n tenths as a number with one decimal.
func appendDecimal(b []byte, n int64) []byte {
	b = strconv.AppendInt(b, n/10, 10)
	return append(b, '.', byte('0'+n%10))
}
