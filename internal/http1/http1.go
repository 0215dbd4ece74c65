// Package http1 reads and writes the heads and the chunked bodies of HTTP/1.1
// messages (RFC 9110, RFC 9112), strictly and without allocating. It is fed
// bytes and knows nothing of connections: Request and Response are push
// parsers for heads, Chunked decodes the chunked coding, the Append functions
// write.
//
// Strict means that a message is either unambiguous or refused: where RFC 9112
// lets a recipient be lenient (bare LF, line folding, repeated lengths,
// whitespace in odd places), two recipients in a row can disagree about where
// a message ends, and request smuggling begins. The verdict over a message
// never depends on how its bytes were split on their way: it is made line by
// line, in byte order.
package http1

// Limits bounds a message head. A limit that is 0 has the value it has in
// DefaultLimits.
type Limits struct {
	Head   int // bytes of the whole head, with its empty line and any before it; beyond it 431, or 414 when that is in the request line
	Target int // bytes of the request target as received; beyond it 414
	Fields int // number of fields; beyond it 431
}

// DefaultLimits is what a Limits of zeros means.
var DefaultLimits = Limits{Head: 32 << 10, Target: 8 << 10, Fields: 100}

func (l Limits) filled() Limits {
	if l.Head == 0 {
		l.Head = DefaultLimits.Head
	}
	if l.Target == 0 {
		l.Target = DefaultLimits.Target
	}
	if l.Fields == 0 {
		l.Fields = DefaultLimits.Fields
	}
	return l
}
