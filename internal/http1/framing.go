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

// checkCoding accepts a Transfer-Encoding of chunked and nothing else
// (RFC 9112 sections 6.1, 6.3 and 7). A message with any other coding has no
// length that can be known (400) or would have to be decoded further (501).
func checkCoding(value []byte) *Error {
	if EqualFold(value, "chunked") {
		return nil
	}
	chunked := 0
	final, unknown := false, false
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
		switch {
		case !final:
			unknown = true
		case parameters:
			return errCoding // RFC 9112 section 7.1
		default:
			chunked++
		}
	}
	switch {
	case chunked > 1 || chunked == 1 && !final:
		return errCodingFinal
	case unknown:
		return errCodingUnknown
	}
	return errCoding
}
