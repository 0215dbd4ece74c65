package http1

import "bytes"

// maxOptions bounds the options of all Connection fields of a message, so that
// finding the fields they name stays cheap.
const maxOptions = 32

// options is what the Connection fields of a message say (RFC 9110 section 7.6.1).
type options struct {
	set   byte
	count uint8
}

const (
	optionClose = 1 << iota
	optionKeepAlive
	optionUpgrade
	optionOther // a field name
)

func (o *options) has(option byte) bool { return o.set&option != 0 }

// add takes one Connection field into account. What is not a connection option
// is ignored, as an option that means nothing to the recipient is.
func (o *options) add(value []byte) *Error {
	for more := true; more; {
		var option []byte
		option, value, more = nextOption(value)
		if o.count++; o.count > maxOptions {
			return errConnection
		}
		switch {
		case EqualFold(option, "close"):
			o.set |= optionClose
		case EqualFold(option, "keep-alive"):
			o.set |= optionKeepAlive
		case EqualFold(option, "upgrade"):
			o.set |= optionUpgrade
		case len(option) > 0:
			o.set |= optionOther
		}
	}
	return nil
}

// closes reports whether the connection ends with the message (RFC 9112 section 9.3).
func (o *options) closes(minor int) bool {
	return o.has(optionClose) || minor == 0 && !o.has(optionKeepAlive)
}

// markHop marks the fields that the Connection fields name.
func markHop(fields []Field) {
	for i := range fields {
		if fields[i].ID != FieldConnection {
			continue
		}
		value := fields[i].Value
		for more := true; more; {
			var option []byte
			option, value, more = nextOption(value)
			for j := range fields {
				f := &fields[j]
				if f.ID != FieldHost && f.ID != FieldContentLength && EqualFold(f.Name, option) {
					f.Hop = true
				}
			}
		}
	}
}

// nextOption cuts the first element from a list (RFC 9110 section 5.6.1).
func nextOption(list []byte) (option, rest []byte, more bool) {
	if i := bytes.IndexByte(list, ','); i >= 0 {
		return trimOWS(list[:i]), list[i+1:], true
	}
	return trimOWS(list), nil, false
}
