package http1

import "bytes"

// Classes of the bytes of a request target, one bit each.
const (
	targetPlain     = 1 << iota // of no further interest
	targetPercent               // "%"
	targetHash                  // "#"
	targetBackslash             // "\"
)

// targetClass has visible ASCII. RFC 3986 allows less, but browsers send all of
// it in queries and net/http takes it; none of it can end a target early or
// begin something else. The few that can are looked at by class.
var targetClass = func() (t [256]byte) {
	for c := '!'; c <= '~'; c++ {
		t[c] = targetPlain
	}
	t['%'], t['#'], t['\\'] = targetPercent, targetHash, targetBackslash
	return t
}()

// target takes a request target of the given classes apart (RFC 9112 section 3.2).
func (r *Request) target(target []byte, class byte) *Error {
	if class&targetHash != 0 {
		return errTargetHash
	}
	r.Target = target
	if target[0] != '/' {
		if string(target) == "*" && string(r.Method) == "OPTIONS" {
			return nil
		}
		if err := r.absoluteTarget(target); err != nil {
			return err
		}
	}
	if class&(targetPercent|targetBackslash) != 0 {
		return checkPath(r.Target)
	}
	return nil
}

// absoluteTarget cuts an absolute-form target (RFC 9112 section 3.2.2) into
// authority and origin-form. Userinfo is refused, RFC 9110 section 4.2.4.
func (r *Request) absoluteTarget(target []byte) *Error {
	colon := bytes.IndexByte(target, ':')
	if colon < 0 || !EqualFold(target[:colon], "http") && !EqualFold(target[:colon], "https") {
		return errTargetForm
	}
	rest := target[colon+1:]
	if len(rest) < 2 || rest[0] != '/' || rest[1] != '/' {
		return errTargetForm
	}
	rest = rest[2:]
	end := bytes.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	if !validHost(rest[:end]) {
		return errAuthority
	}
	r.Host, r.Target, r.absolute = rest[:end], rest[end:], true
	return nil
}

// finishTarget gives the target of an absolute-form request the path that it
// may lack: "/", or "*" for OPTIONS (RFC 9112 sections 3.2.1 and 3.2.4).
func (r *Request) finishTarget() {
	switch {
	case len(r.Target) == 0 && string(r.Method) == "OPTIONS":
		r.Target = append(r.path[:0], '*')
	case len(r.Target) == 0 || r.Target[0] == '?':
		r.path = append(r.path[:0], '/')
		r.path = append(r.path, r.Target...)
		r.Target = r.path
	}
}

// checkPath looks at what stands before the query: each "%" must begin a
// percent-encoding (RFC 3986 section 2.1), and "\" is refused because some
// programs take it for "/". Queries have both in the wild.
func checkPath(target []byte) *Error {
	for i := 0; i < len(target); i++ {
		switch target[i] {
		case '?':
			return nil
		case '\\':
			return errTarget
		case '%':
			if i+2 >= len(target) || byteClass[target[i+1]]&byteClass[target[i+2]]&classHex == 0 {
				return errTargetPercent
			}
			i += 2
		}
	}
	return nil
}
