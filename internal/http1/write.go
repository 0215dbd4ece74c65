package http1

import "strconv"

// LastChunk ends a chunked body that has no trailer fields.
const LastChunk = "0\r\n\r\n"

// AppendRequestLine appends a request line of HTTP/1.1. Method and target must
// come from Parse or be as strict.
func AppendRequestLine[M, T ~string | ~[]byte](b []byte, method M, target T) []byte {
	b = append(b, method...)
	b = append(b, ' ')
	b = append(b, target...)
	return append(b, " "+version11+"\r\n"...)
}

// AppendStatusLine appends a status line of HTTP/1.1 with the standard reason
// phrase. An HTTP/1.0 client is answered so too (RFC 9110 section 2.5). The
// status must be between 100 and 999.
func AppendStatusLine(b []byte, status int) []byte {
	if status == 200 {
		return append(b, version11+" 200 OK\r\n"...)
	}
	b = append(b, version11+" "...)
	b = strconv.AppendInt(b, int64(status), 10)
	b = append(b, ' ')
	b = append(b, ReasonPhrase(status)...)
	return append(b, "\r\n"...)
}

// AppendField appends one field line. It does not look at what it writes: name
// and value must come from Parse or pass ValidFieldName and ValidFieldValue.
func AppendField[N, V ~string | ~[]byte](b []byte, name N, value V) []byte {
	b = append(b, name...)
	b = append(b, ": "...)
	b = append(b, value...)
	return append(b, "\r\n"...)
}

// AppendContentLength appends a Content-Length field.
func AppendContentLength(b []byte, n int64) []byte {
	b = append(b, "Content-Length: "...)
	b = strconv.AppendInt(b, n, 10)
	return append(b, "\r\n"...)
}

// AppendChunkHeader appends what stands before the n bytes of a chunk; after
// them comes CRLF. n must not be 0: that would end the body.
func AppendChunkHeader(b []byte, n int) []byte {
	b = strconv.AppendInt(b, int64(n), 16)
	return append(b, "\r\n"...)
}

// AppendChunk appends data as one chunk, and nothing when data is empty.
func AppendChunk(b, data []byte) []byte {
	if len(data) == 0 {
		return b
	}
	b = AppendChunkHeader(b, len(data))
	b = append(b, data...)
	return append(b, "\r\n"...)
}

// AppendLastChunk appends the end of a chunked body with trailer fields.
func AppendLastChunk(b []byte, trailers []Field) []byte {
	b = append(b, "0\r\n"...)
	for i := range trailers {
		b = AppendField(b, trailers[i].Name, trailers[i].Value)
	}
	return append(b, "\r\n"...)
}
