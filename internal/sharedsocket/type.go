package sharedsocket

import "fmt"

// Type is the kind of socket that the workers of an app share.
type Type int

const (
	Seqpacket Type = iota // one record is one request (Linux)
	Stream                // one connection is one request
)

func (t Type) String() string {
	if t == Stream {
		return "stream"
	}
	return "seqpacket"
}

// ParseType returns the type of that name.
func ParseType(name string) (Type, error) {
	switch name {
	case "seqpacket":
		return Seqpacket, nil
	case "stream":
		return Stream, nil
	}
	return 0, fmt.Errorf("%q is not a socket type", name)
}
