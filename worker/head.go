package worker

import (
	"net/http"
	"net/textproto"
	"slices"

	"github.com/rip-server/rip-server/internal/http1"
)

// appendHead appends a status line and the fields of a header map, in order of
// their names. Left out are names that are none, fields that frame the message
// or are meant for one connection (RFC 9110 section 7.6.1), and those that do
// not go with the status. It returns false when the head is too large.
func (w *worker) appendHead(b []byte, status int, header http.Header) ([]byte, bool) {
	b = http1.AppendStatusLine(b, status)
	w.keys = w.keys[:0]
	for name := range header {
		w.keys = append(w.keys, name)
	}
	if len(w.keys) > 1 {
		slices.Sort(w.keys)
	}
	for _, name := range w.keys {
		if !http1.ValidFieldName(name) || dropped(http1.Identify(name), status) {
			continue
		}
		for _, value := range header[name] {
			if len(b)+len(name)+len(value)+len(": \r\n") > headLimit {
				return b, false
			}
			b = append(b, name...)
			b = append(b, ": "...)
			b = appendValue(b, value)
			b = append(b, "\r\n"...)
		}
	}
	return b, true
}

func dropped(id http1.FieldID, status int) bool {
	switch id {
	case http1.FieldContentLength, // written when the length is known
		http1.FieldTransferEncoding, http1.FieldTrailer, http1.FieldTE,
		http1.FieldConnection, http1.FieldKeepAlive, http1.FieldProxyConnection, http1.FieldUpgrade,
		http1.FieldRipStats:
		return true
	case http1.FieldContentType:
		return status == http.StatusNotModified // RFC 9110 section 15.4.5
	}
	return false
}

// appendValue appends a field value. As in net/http a line break becomes a
// space, and so does every other character that a value must not have.
func appendValue(b []byte, value string) []byte {
	start := len(b)
	b = append(b, textproto.TrimString(value)...)
	if http1.ValidFieldValue(b[start:]) {
		return b
	}
	for i := start; i < len(b); i++ {
		if c := b[i]; c < ' ' && c != '\t' || c == 0x7f {
			b[i] = ' '
		}
	}
	return b
}
