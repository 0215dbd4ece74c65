package webapi

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// utf8Encode returns the bytes of a string.
func utf8Encode(args []quickjs.Value) (any, error) {
	return []byte(args[0].String()), nil
}

// utf8Decode returns the string that bytes are, by decodeUTF8.
func utf8Decode(args []quickjs.Value) (any, error) {
	return decodeUTF8(args[0].View()), nil
}

// utf8Valid returns whether bytes are UTF-8.
func utf8Valid(args []quickjs.Value) (any, error) {
	return utf8.Valid(args[0].View()), nil
}

// indexOf returns where bytes begin in others at or after an index, or -1.
func indexOf(args []quickjs.Value) (any, error) {
	all, wanted, from := args[0].View(), args[1].View(), args[2].Int()
	if from > len(all) {
		return -1, nil
	}
	at := bytes.Index(all[from:], wanted)
	if at < 0 {
		return -1, nil
	}
	return from + at, nil
}

// decodeUTF8 replaces what is not UTF-8 as the Encoding Standard says: one
// U+FFFD for each longest run of bytes that could have begun a character.
func decodeUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var text strings.Builder
	text.Grow(len(b) + 16)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			n = brokenLength(b)
		}
		text.WriteRune(r)
		b = b[n:]
	}
	return text.String()
}

// brokenLength returns how many bytes of b, which begins with no character,
// one U+FFFD stands for.
func brokenLength(b []byte) int {
	low, high, need := byte(0x80), byte(0xbf), 0
	switch first := b[0]; {
	case first >= 0xc2 && first <= 0xdf:
		need = 1
	case first >= 0xe0 && first <= 0xef:
		need = 2
		if first == 0xe0 {
			low = 0xa0
		}
		if first == 0xed {
			high = 0x9f
		}
	case first >= 0xf0 && first <= 0xf4:
		need = 3
		if first == 0xf0 {
			low = 0x90
		}
		if first == 0xf4 {
			high = 0x8f
		}
	}
	n := 1
	for n <= need && n < len(b) && b[n] >= low && b[n] <= high {
		low, high = 0x80, 0xbf
		n++
	}
	return n
}
