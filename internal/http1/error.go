package http1

// Error is why a message was refused. After one nothing more can be read from
// the connection: where the next message begins is not known.
type Error struct {
	Status int    // status code to answer a request with; of a response that a worker wrote it says nothing, that is a 502
	Reason string // one sentence, lower case, without full stop
}

func (e *Error) Error() string { return e.Reason }

// Every refusal is one of these values, so that refusing allocates nothing.
var (
	// Lines, RFC 9112 section 2.2.
	errBareLF  = &Error{400, "a line ends in LF without CR"}
	errBareCR  = &Error{400, "a CR is not followed by LF"}
	errControl = &Error{400, "a field value has a control character"}
	errHead    = &Error{431, "the head is too large"}
	errFields  = &Error{431, "the head has too many fields"}

	// Fields, RFC 9112 section 5.
	errFold       = &Error{400, "a field line begins with whitespace"}
	errNameEmpty  = &Error{400, "a field name is empty"}
	errNameSpace  = &Error{400, "whitespace between a field name and its colon"}
	errName       = &Error{400, "a field name has an illegal character"}
	errColon      = &Error{400, "a field line has no colon"}
	errConnection = &Error{431, "the Connection field names too many options"}

	// Request line, RFC 9112 section 3.
	errMethod        = &Error{400, "malformed method"}
	errMethodLong    = &Error{501, "the method is too long"}
	errConnect       = &Error{501, "CONNECT is not supported"}
	errRequestLine   = &Error{400, "malformed request line"}
	errVersion       = &Error{400, "malformed protocol version"}
	errVersionOther  = &Error{505, "the protocol version is not HTTP/1.0 or HTTP/1.1"}
	errTarget        = &Error{400, "the request target has an illegal character"}
	errTargetLong    = &Error{414, "the request target is too long"}
	errTargetForm    = &Error{400, "the request target has none of the forms that its method allows"}
	errTargetHash    = &Error{400, "the request target has a fragment"}
	errTargetPercent = &Error{400, "the path has a malformed percent-encoding"}
	errAuthority     = &Error{400, "the authority of the request target is malformed"}

	// Host, RFC 9110 section 7.2.
	errHostMissing  = &Error{400, "the Host field is missing"}
	errHostRepeated = &Error{400, "the Host field is repeated"}
	errHost         = &Error{400, "the Host field is malformed"}

	// Framing, RFC 9112 section 6.
	errLength         = &Error{400, "malformed Content-Length"}
	errLengthOverflow = &Error{400, "the Content-Length is too large to count"}
	errLengthRepeated = &Error{400, "the Content-Length field is repeated"}
	errLengthCoding   = &Error{400, "Content-Length together with Transfer-Encoding"}
	errCoding         = &Error{400, "malformed Transfer-Encoding"}
	errCodingRepeated = &Error{400, "the Transfer-Encoding field is repeated"}
	errCodingVersion  = &Error{400, "Transfer-Encoding in an HTTP/1.0 message"}
	errCodingFinal    = &Error{400, "chunked is not the final transfer coding, or not applied once"}
	errCodingUnknown  = &Error{501, "unknown transfer coding"}
	errExpect         = &Error{417, "unknown expectation"}

	// Status line, RFC 9112 section 4.
	errStatusLine = &Error{502, "malformed status line"}

	// Chunked coding, RFC 9112 section 7.1.
	errChunkSize         = &Error{400, "malformed chunk size"}
	errChunkSizeOverflow = &Error{400, "the chunk size is too large to count"}
	errChunkExtension    = &Error{400, "malformed chunk extension"}
	errChunkExtensions   = &Error{400, "the chunk extensions are too long"}
	errChunkEnd          = &Error{400, "chunk data is not followed by CRLF"}
	errTrailer           = &Error{400, "a field is not allowed in the trailer section"}
	errTrailers          = &Error{431, "the trailer section is too large"}
)
