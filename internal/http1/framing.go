package http1

import (
	"bytes"
	"math"
)

// parseLength reads a Content-Length (RFC 9110 section 8.6): digits, nothing
// else, and so no list either.
func parseLength(b []byte) (int64, *Error) {
	if len(b) == 0 {
		return 0, errLength
	}
	n := int64(0)
	overflow := false
	for _, c := range b {
		d := int64(c - '0')
		if !isDigit(c) {
			return 0, errLength
		}
		if n > (math.MaxInt64-d)/10 {
			overflow = true
			continue
		}
		n = n*10 + d
	}
	if overflow {
		return 0, errLengthOverflow
	}
	return n, nil
}

// checkCoding accepts a Transfer-Encoding of chunked in an HTTP/1.1 message that
// has no other framing so far: whether it is chunked, and the Content-Length or
// -1 (RFC 9112 sections 6.1 and 6.3).
func checkCoding(value []byte, minor int, chunked bool, length int64) *Error {
	switch {
	case minor == 0:
		return errCodingVersion
	case chunked:
		return errCodingRepeated
	case length >= 0:
		return errLengthCoding
	case !EqualFold(value, "chunked"):
		return codingError(value)
	}
	return nil
}

// codingError says what is wrong with a Transfer-Encoding that is not chunked:
// the length of the message cannot be known (400), or it would have to be
// decoded further (501).
func codingError(value []byte) *Error {
	chunked, final := 0, false
	for more := true; more; {
		var coding []byte
		coding, value, more = bytes.Cut(value, []byte(","))
		coding = trimOWS(coding)
		name, _, parameters := bytes.Cut(coding, []byte(";"))
		name = trimOWS(name)
		if !ValidFieldName(name) {
			return errCoding
		}
		final = EqualFold(name, "chunked")
		if final && parameters {
			return errCoding // RFC 9112 section 7.1
		}
		if final {
			chunked++
		}
	}
	if chunked > 1 || chunked == 1 && !final {
		return errCodingFinal
	}
	return errCodingUnknown
}
