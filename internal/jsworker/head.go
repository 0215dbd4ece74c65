package jsworker

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strings"
	"unicode/utf8"
)

// headOf returns the fields of a request as lines. Characters stand for bytes,
// as everywhere in the Fetch Standard.
func headOf(r *http.Request) string {
	size := len(r.Host) + 16
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + 4
		}
	}
	b := make([]byte, 0, size)
	b = append(append(append(b, "host: "...), r.Host...), "\r\n"...)
	for name, values := range r.Header {
		for _, value := range values {
			b = append(append(b, name...), ": "...)
			b = append(appendBytes(b, value), "\r\n"...)
		}
	}
	return string(b)
}

// appendBytes appends a character for each byte of s.
func appendBytes(b []byte, s string) []byte {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			for _, c := range []byte(s[i:]) {
				b = utf8.AppendRune(b, rune(c))
			}
			return b
		}
		b = append(b, s[i])
	}
	return b
}

// setFields sets the fields of a response from the lines of its head. The
// length is left to what is written, unless it is to be kept.
func setFields(h http.Header, head string, keepLength bool) error {
	for head != "" {
		line, rest, _ := strings.Cut(head, "\r\n")
		name, value, found := strings.Cut(line, ": ")
		if !found {
			return fmt.Errorf("%q is no line of a head", line)
		}
		head = rest
		if name == "content-length" && !keepLength {
			continue
		}
		name = textproto.CanonicalMIMEHeaderKey(name)
		h[name] = append(h[name], bytesOf(value))
	}
	if h["Content-Type"] == nil {
		h["Content-Type"] = nil // the looks of the body do not matter
	}
	return nil
}

// bytesOf is what appendBytes has made of a string.
func bytesOf(s string) string {
	for i := range len(s) {
		if s[i] < utf8.RuneSelf {
			continue
		}
		b := make([]byte, 0, len(s))
		for _, c := range s {
			b = append(b, byte(c))
		}
		return string(b)
	}
	return s
}
