package http1

// Response is a response head, as a worker wrote it: input, not truth. The zero
// value is ready for Parse; between two heads it must be Reset. All fields are
// meaningful only once Parse has returned a length. The slices share memory
// with the parsed buffer, are valid as long as that is untouched, and must not
// be appended to.
//
// A head that was accepted can be written again field by field: no name and no
// value has a byte in it that would end the field or the head.
type Response struct {
	Status int     // 100 to 999; an interim response (1xx) is a head of its own and another follows
	Reason []byte  // reason phrase, may be empty
	Minor  int     // minor version, 0 or 1
	Fields []Field // all fields in order, framing and hop-by-hop ones too: see Field.ID and Field.Hop

	ContentLength int64 // -1 without Content-Length; says nothing of whether there is a body, see BodyAllowed
	Chunked       bool  // the body is chunked; else, without ContentLength, it ends with the connection (RFC 9112 section 6.3)
	Close         bool  // nothing follows on the connection

	cursor  cursor
	options options
}

// Reset makes r ready for the next head. It keeps the memory of Fields.
func (r *Response) Reset() { *r = Response{Fields: r.Fields[:0]} }

// Value returns the value of the first field with the id, nil when there is none.
func (r *Response) Value(id FieldID) []byte { return firstValue(r.Fields, id) }

// BodyAllowed reports whether a response with this status to a request with
// this method has a body, whatever its fields say (RFC 9110 section 6.4.1).
func BodyAllowed(method []byte, status int) bool {
	switch {
	case status < 200, status == 204, status == 304, string(method) == "HEAD":
		return false
	case status < 300 && string(method) == "CONNECT":
		return false
	}
	return true
}

// Parse looks at buf, which holds all that was received since the start of the
// head, as Request.Parse does. Content-Length may be repeated if it is always
// the same; whoever passes the head on writes it once.
func (r *Response) Parse(buf []byte, lim Limits) (int, error) {
	if r.cursor.err == nil {
		n, err := r.parse(buf, lim.filled())
		if err == nil {
			return n, nil
		}
		r.cursor.err = err
	}
	return 0, r.cursor.err
}

func (r *Response) parse(buf []byte, lim Limits) (int, *Error) {
	if r.cursor.moved(buf) {
		r.Reason = r.cursor.move(r.Reason, buf)
		r.cursor.moveFields(r.Fields, buf)
	}
	r.cursor.buf = buf
	if r.Status == 0 {
		line, err := r.cursor.next(buf, lim.Head, errHead)
		if line == nil {
			return 0, err
		}
		if err := r.statusLine(line); err != nil {
			return 0, err
		}
	}
	for {
		line, err := r.cursor.next(buf, lim.Head, errHead)
		if line == nil {
			return 0, err
		}
		if len(line) == 0 {
			r.Close = r.options.closes(r.Minor)
			if r.options.has(optionOther) {
				markHop(r.Fields)
			}
			return r.cursor.line, nil
		}
		f, err := addField(&r.Fields, line, lim.Fields)
		if err == nil {
			err = r.field(f)
		}
		if err != nil {
			return 0, err
		}
	}
}

// statusLine reads "HTTP-version SP status-code SP [ reason-phrase ]"
// (RFC 9112 section 4), given without its CRLF. The last space may be missing
// together with the phrase, as many programs leave it out.
func (r *Response) statusLine(line []byte) *Error {
	if len(line) < len("HTTP/1.1 200") {
		return errStatusLine
	}
	minor, err := parseVersion(line[:len(version11)])
	if err != nil {
		return errStatusLine
	}
	code, reason := line[len(version11)+1:len("HTTP/1.1 200")], line[len("HTTP/1.1 200"):]
	if line[len(version11)] != ' ' || !isDigit(code[0]) || !isDigit(code[1]) || !isDigit(code[2]) || code[0] == '0' {
		return errStatusLine
	}
	if len(reason) > 0 {
		if reason[0] != ' ' || !validValue(reason) {
			return errStatusLine
		}
		reason = reason[1:]
	}
	r.Status = int(code[0]-'0')*100 + int(code[1]-'0')*10 + int(code[2]-'0')
	r.Reason, r.Minor, r.ContentLength = reason, minor, -1
	return nil
}

// field takes note of a field that says how to read the message.
func (r *Response) field(f *Field) *Error {
	switch f.ID {
	case FieldContentLength:
		if r.Chunked {
			return errLengthCoding
		}
		n, err := parseLength(f.Value)
		if err != nil {
			return err
		}
		if r.ContentLength >= 0 && n != r.ContentLength {
			return errLengthRepeated
		}
		r.ContentLength = n
	case FieldTransferEncoding:
		if err := checkCoding(f.Value, r.Minor, r.Chunked, r.ContentLength); err != nil {
			return err
		}
		r.Chunked = true
	case FieldConnection:
		return r.options.add(f.Value)
	}
	return nil
}
