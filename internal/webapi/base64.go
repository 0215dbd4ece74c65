package webapi

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// toBase64 is btoa: the characters of the string are bytes.
func toBase64(args []quickjs.Value) (any, error) {
	return base64.StdEncoding.EncodeToString(latin1Bytes(args[0].String())), nil
}

// fromBase64 is atob. It returns undefined for what is not base64.
func fromBase64(args []quickjs.Value) (any, error) {
	b, ok := forgivingBase64(args[0].String())
	if !ok {
		return nil, nil
	}
	return latin1String(b), nil
}

// forgivingBase64 decodes as https://infra.spec.whatwg.org/#forgiving-base64
// says: white space is skipped, padding may be missing, and so may be zero bits
// at the end.
func forgivingBase64(s string) ([]byte, bool) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n\f\r", r) {
			return -1
		}
		return r
	}, s)
	if len(s)%4 == 0 {
		s = strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
	}
	b, err := base64.RawStdEncoding.DecodeString(s)
	return b, err == nil
}

// latin1Bytes returns the characters of a string as one byte each.
func latin1Bytes(s string) []byte {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	return b
}

// latin1String is the way back.
func latin1String(b []byte) string {
	var s strings.Builder
	s.Grow(len(b) + len(b)/2)
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

// base64Bytes decodes bytes that are base64 to bytes. It returns undefined for
// those that are not.
func base64Bytes(args []quickjs.Value) (any, error) {
	b, ok := forgivingBase64(string(args[0].View()))
	if !ok {
		return nil, nil
	}
	return b, nil
}

// percentDecode returns the bytes of a string with percent signs,
// https://url.spec.whatwg.org/#string-percent-decode.
func percentDecode(args []quickjs.Value) (any, error) {
	s := args[0].String()
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b = append(b, c[0])
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return b, nil
}
