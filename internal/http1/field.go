package http1

import "bytes"

// Field is one field line of a message. Name and Value share memory with the
// buffer that was parsed and must not be appended to.
type Field struct {
	Name  []byte // as received
	Value []byte // without the whitespace around it

	// ID is the name when it is one of those that have a constant.
	ID FieldID

	// Hop says that the field is meant for this connection alone and must not
	// be passed on (RFC 9110 section 7.6.1): it is one of the fixed set, or
	// the Connection field names it. Host and Content-Length are never
	// marked, whatever Connection says.
	Hop bool

	// Underscore says that the name has a "_". Many runtimes hand fields to
	// the app in variables in which "-" and "_" become the same, so that a
	// client could pass off one field as another.
	Underscore bool
}

// addField reads one field line and adds it to fields, at most limit of them.
// Memory that fields had in an earlier head is taken as it is left: one sender
// sends the same fields in the same order, so that the ID in it is a good guess.
func addField(fields *[]Field, line []byte, limit int) (*Field, *Error) {
	n := len(*fields)
	if n >= limit {
		return nil, errFields
	}
	if n < cap(*fields) {
		*fields = (*fields)[:n+1]
	} else {
		*fields = append(*fields, Field{})
	}
	f := &(*fields)[n]
	if err := parseField(f, line); err != nil {
		*fields = (*fields)[:n]
		return nil, err
	}
	return f, nil
}

// parseField reads one field line, given without its CRLF (RFC 9112 section 5).
// The ID of f is taken for a guess at the name, when there is one.
func parseField(f *Field, line []byte) *Error {
	i := nameLength(f.ID, line)
	if i == 0 {
		for i < len(line) && byteClass[line[i]]&classToken != 0 {
			i++
		}
		if i == 0 || i == len(line) || line[i] != ':' {
			return nameError(line, i)
		}
		f.ID = Identify(line[:i])
	}
	f.Name = line[:i]
	f.Value = trimOWS(line[i+1:])
	if !validValue(f.Value) {
		return valueError(f.Value)
	}
	f.Hop = f.ID.flags()&flagHop != 0
	f.Underscore = f.ID == FieldOther && bytes.IndexByte(f.Name, '_') >= 0
	return nil
}

// nameLength returns the length of the name in a field line that begins with
// the name of an ID in its usual spelling and a colon, else 0.
func nameLength(id FieldID, line []byte) int {
	name := knownFields[id].name
	if n := len(name); n > 0 && n < len(line) && line[n] == ':' && string(line[:n]) == name {
		return n
	}
	return 0
}

// nameError says what is wrong with a line whose name ends at i without colon.
func nameError(line []byte, i int) *Error {
	switch {
	case bytes.IndexByte(line, '\r') >= 0:
		return errBareCR
	case i == len(line):
		return errColon
	case line[i] == ':':
		return errNameEmpty
	case line[i] != ' ' && line[i] != '\t':
		return errName
	case i == 0:
		return errFold
	}
	return errNameSpace
}

func valueError(value []byte) *Error {
	if bytes.IndexByte(value, '\r') >= 0 {
		return errBareCR
	}
	return errControl
}

// trimOWS cuts optional whitespace (RFC 9110 section 5.6.3) from both ends.
func trimOWS(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// firstValue returns the value of the first of fields that has the id.
func firstValue(fields []Field, id FieldID) []byte {
	for i := range fields {
		if fields[i].ID == id {
			return fields[i].Value
		}
	}
	return nil
}
