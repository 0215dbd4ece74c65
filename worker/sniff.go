package worker

import "net/http"

const plainText = "text/plain; charset=utf-8"

// contentType is http.DetectContentType, which compares what an app most often
// writes without saying what it is, text or JSON, with three dozen signatures.
func contentType(body []byte) string {
	if obviousText(body) {
		return plainText
	}
	return http.DetectContentType(body)
}

// obviousText reports whether the body begins as no signature of
// http.DetectContentType does, and is text by its rules. It may be false for
// other text.
func obviousText(body []byte) bool {
	body = body[:min(len(body), sniffed)]
	switch c := body[0]; {
	case c == 't' || c == 'w': // fonts
		return false
	case c >= 'a' && c <= 'z', c == '{', c == '[':
	default:
		return false
	}
	// These two signatures do not look at the beginning.
	if len(body) >= 12 && string(body[4:8]) == "ftyp" || len(body) >= 36 && string(body[34:36]) == "LP" {
		return false
	}
	for _, c := range body {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}
