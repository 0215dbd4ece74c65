package http1

// Request is a request head. The zero value is ready for Parse; between two
// heads it must be Reset. All fields are meaningful only once Parse has
// returned a length. The slices share memory with the parsed buffer, are valid
// as long as that is untouched, and must not be appended to.
type Request struct {
	Method []byte
	Target []byte  // origin-form ("/path?query") or "*"; of an absolute-form target its path and query
	Host   []byte  // host and port: of an absolute-form target its authority, else the Host field; nil for HTTP/1.0 without Host
	Minor  int     // minor version, 0 or 1
	Fields []Field // all fields in order, also Host, framing and hop-by-hop ones: see Field.ID and Field.Hop

	ContentLength int64 // Content-Length of the body that follows, -1 without
	Chunked       bool  // the body is chunked; else it has ContentLength bytes, none when that is -1 (RFC 9112 section 6.3)

	Close     bool // nothing may follow on the connection (RFC 9112 section 9.3)
	KeepAlive bool // HTTP/1.0 with keep-alive: the answer must say so too
	Expect100 bool // the client waits for 100 (Continue) before it sends its body; false when there is none
	Upgrade   bool // the client asks for another protocol (RFC 9110 section 7.8)

	cursor   cursor
	options  options // of the Connection fields so far
	blank    bool    // an empty line came before the request line
	absolute bool    // the target was absolute-form: Host is from it
	host     bool    // there was a Host field
	path     []byte  // room for a target that is not in the buffer in one piece
}

// Reset makes r ready for the next head. It keeps the memory of Fields.
func (r *Request) Reset() {
	*r = Request{Fields: r.Fields[:0], path: r.path[:0]}
}

// Value returns the value of the first field with the id, nil when there is none.
func (r *Request) Value(id FieldID) []byte { return firstValue(r.Fields, id) }

// Parse looks at buf, which holds all that was received since the start of the
// head: at each call the same bytes again and more, in the same memory or
// moved. It returns the length of the head with its empty line (the body, if
// any, begins there), or 0 when more is needed, or an *Error, which it then
// repeats at every further call.
//
// It takes time proportional to what is new. One empty line before the request
// line is skipped and counted (RFC 9112 section 2.2).
func (r *Request) Parse(buf []byte, lim Limits) (int, error) {
	if r.cursor.err == nil {
		n, err := r.parse(buf, lim.filled())
		if err == nil {
			return n, nil
		}
		r.cursor.err = err
	}
	return 0, r.cursor.err
}

func (r *Request) parse(buf []byte, lim Limits) (int, *Error) {
	if r.cursor.moved(buf) {
		r.Method = r.cursor.move(r.Method, buf)
		r.Target = r.cursor.move(r.Target, buf)
		r.Host = r.cursor.move(r.Host, buf)
		r.cursor.moveFields(r.Fields, buf)
	}
	r.cursor.buf = buf
	for r.Method == nil {
		if err := r.begins(buf); err != nil {
			return 0, err
		}
		line, err := r.cursor.next(buf, lim.Head, errTargetLong)
		if line == nil {
			return 0, err
		}
		if len(line) == 0 && !r.blank {
			r.blank = true
			continue
		}
		if err := r.requestLine(line, lim.Target); err != nil {
			return 0, err
		}
	}
	for {
		line, err := r.cursor.next(buf, lim.Head, errHead)
		if line == nil {
			return 0, err
		}
		if len(line) == 0 {
			return r.cursor.line, r.finish()
		}
		f, err := addField(&r.Fields, line, lim.Fields)
		if err == nil && f.ID != FieldOther {
			err = r.field(f)
		}
		if err != nil {
			return 0, err
		}
	}
}

// begins refuses what cannot become a request by its first byte, so that a
// client that speaks something else (TLS, say) does not wait for its timeout.
func (r *Request) begins(buf []byte) *Error {
	if r.cursor.line < len(buf) {
		c := buf[r.cursor.line]
		if byteClass[c]&classToken == 0 && c != '\r' {
			return errMethod
		}
	}
	return nil
}

// field takes note of a field that says how to read the message.
func (r *Request) field(f *Field) *Error {
	switch f.ID {
	case FieldHost:
		// RFC 9112 section 3.2.
		if r.host {
			return errHostRepeated
		}
		if !validHost(f.Value) {
			return errHost
		}
		r.host = true
		if !r.absolute {
			r.Host = f.Value
		}
	case FieldContentLength:
		// RFC 9110 section 8.6 lets a recipient make one of several equal
		// lengths. A repeated one is refused here: no client sends it but
		// to find out who takes the first and who the last.
		if r.ContentLength >= 0 {
			return errLengthRepeated
		}
		if r.Chunked {
			return errLengthCoding
		}
		n, err := parseLength(f.Value)
		if err != nil {
			return err
		}
		r.ContentLength = n
	case FieldTransferEncoding:
		if err := checkCoding(f.Value, r.Minor, r.Chunked, r.ContentLength); err != nil {
			return err
		}
		r.Chunked = true
	case FieldConnection:
		return r.options.add(f.Value)
	case FieldExpect:
		// RFC 9110 section 10.1.1; in HTTP/1.0 it is to be ignored.
		if !EqualFold(f.Value, "100-continue") {
			return errExpect
		}
		r.Expect100 = r.Minor == 1
	case FieldUpgrade:
		r.Upgrade = r.Minor == 1
	}
	return nil
}

// finish draws the conclusions at the empty line that ends the head.
func (r *Request) finish() *Error {
	if !r.host && r.Minor == 1 {
		return errHostMissing // RFC 9112 section 3.2
	}
	if r.absolute {
		r.finishTarget()
	}
	r.Close = r.options.closes(r.Minor)
	r.KeepAlive = r.Minor == 0 && !r.Close
	r.Upgrade = r.Upgrade && r.options.has(optionUpgrade)
	r.Expect100 = r.Expect100 && (r.Chunked || r.ContentLength > 0)
	if r.options.has(optionOther) {
		markHop(r.Fields)
	}
	return nil
}
