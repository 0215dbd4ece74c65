package http1

import "bytes"

// validHost reports whether b is uri-host [ ":" port ] (RFC 9110 section 7.2)
// with a host that is not empty (section 4.2.1). A host is a name, an IPv4
// address, or an IPv6 address in brackets. Names with percent-encoding
// and zones are refused: they cannot be compared byte by byte.
func validHost(b []byte) bool {
	if len(b) > 0 && b[0] == '[' {
		end := bytes.IndexByte(b, ']')
		return end > 0 && validIPv6(b[1:end]) && validPort(b[end+1:])
	}
	i := 0
	for i < len(b) && byteClass[b[i]]&classHost != 0 {
		i++
	}
	return i > 0 && validPort(b[i:])
}

// validPort reports whether b is empty or ":" and a port number, which may be
// left out (RFC 3986 section 3.2.3).
func validPort(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	if b[0] != ':' || len(b) > len(":65535") {
		return false
	}
	port := 0
	for _, c := range b[1:] {
		if !isDigit(c) {
			return false
		}
		port = port*10 + int(c-'0')
	}
	return port <= 65535
}

// validIPv6 reports whether b is an IPv6 address without zone (RFC 3986
// section 3.2.2, IPv6address).
func validIPv6(b []byte) bool {
	groups, elided := 0, false
	if len(b) >= 2 && b[0] == ':' && b[1] == ':' {
		elided = true
		b = b[2:]
	}
	for len(b) > 0 {
		n := 0
		for n < len(b) && byteClass[b[n]]&classHex != 0 {
			n++
		}
		if n < len(b) && b[n] == '.' {
			if !validIPv4(b) {
				return false
			}
			groups += 2
			break
		}
		if n == 0 || n > 4 {
			return false
		}
		groups++
		b = b[n:]
		if len(b) == 0 {
			break
		}
		if b[0] != ':' || len(b) == 1 {
			return false
		}
		b = b[1:]
		if b[0] == ':' {
			if elided {
				return false
			}
			elided = true
			b = b[1:]
		}
	}
	if elided {
		return groups < 8
	}
	return groups == 8
}

// validIPv4 reports whether b is four numbers up to 255 without leading zeros.
func validIPv4(b []byte) bool {
	numbers, digits, n := 1, 0, 0
	for _, c := range b {
		switch {
		case c == '.':
			if digits == 0 {
				return false
			}
			numbers++
			digits, n = 0, 0
		case !isDigit(c) || digits > 0 && n == 0:
			return false
		default:
			digits++
			n = n*10 + int(c-'0')
			if n > 255 {
				return false
			}
		}
	}
	return numbers == 4 && digits > 0
}
