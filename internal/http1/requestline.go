package http1

// maxMethod is the length of the longest method that is passed on. The longest
// registered one has 17 letters.
const maxMethod = 32

const version10, version11 = "HTTP/1.0", "HTTP/1.1"

// requestLine reads "method SP request-target SP HTTP-version"
// (RFC 9112 section 3), given without its CRLF.
func (r *Request) requestLine(line []byte, maxTarget int) *Error {
	sp := 0
	for sp < len(line) && byteClass[line[sp]]&classToken != 0 {
		sp++
	}
	if sp == 0 || sp == len(line) || line[sp] != ' ' {
		return errMethod
	}
	method, rest := line[:sp], line[sp+1:]

	end, class := 0, byte(0)
	for end < len(rest) {
		c := targetClass[rest[end]]
		if c == 0 {
			break
		}
		class |= c
		end++
	}
	if end == len(rest) {
		return errRequestLine // no version: HTTP/0.9
	}
	if end == 0 || rest[end] != ' ' {
		return errTarget
	}
	target := rest[:end]

	minor, err := parseVersion(rest[end+1:])
	if err != nil {
		return err
	}
	if len(method) > maxMethod {
		return errMethodLong
	}
	if string(method) == "CONNECT" {
		return errConnect
	}
	if len(target) > maxTarget {
		return errTargetLong
	}
	r.Method, r.Minor, r.ContentLength = method, minor, -1
	return r.target(target, class)
}

// parseVersion reads HTTP-version (RFC 9112 section 2.3) and returns the minor
// version. The preface of HTTP/2 has the form of a request line, and so its
// version is what it is refused for.
func parseVersion(b []byte) (int, *Error) {
	switch string(b) {
	case version11:
		return 1, nil
	case version10:
		return 0, nil
	}
	if len(b) == len(version11) && string(b[:5]) == "HTTP/" && isDigit(b[5]) && b[6] == '.' && isDigit(b[7]) {
		return 0, errVersionOther
	}
	return 0, errVersion
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
