package wire

import (
	"encoding/binary"
	"errors"
)

// Types of a record, its first byte.
const (
	TypeRequest   = 1 // server to worker: run this
	TypeReply     = 2 // worker to server: a part of the reply
	TypeGivenBack = 3 // worker to server: this request was not run
	TypeReady     = 4 // worker to server: the app is loaded
	TypeReloaded  = 5 // worker to server: loaded again in the worker; the rest is the error text, empty when it succeeded
)

// Flags of a record, its second byte.
const (
	FlagBodyFile = 1 // request: the bytes after the head are the path of a file that holds the body
	FlagFinal    = 2 // reply: nothing follows; took, finished and CPU are set
	FlagBroken   = 4 // reply, with FlagFinal: the app failed in the middle; the client must not see a complete message
	FlagSpent    = 8 // reply, with FlagFinal: the worker takes nothing more and waits for SIGTERM
)

// RequestPrefix and ReplyPrefix are the sizes in bytes of the fixed part
// before the head.
const (
	RequestPrefix = 24
	ReplyPrefix   = 48
)

// ErrRecord is returned for bytes that are not a record of the wanted kind.
var ErrRecord = errors.New("malformed record")

// Request is a request record.
//
//	offset size
//	     0    1  type (TypeRequest)
//	     1    1  flags
//	     2    2  attempt, from 1
//	     4    4  slot
//	     8    8  id
//	    16    4  length of the head
//	    20    4  zero
//	    24       head: an HTTP/1.1 request head up to and with the empty line
//	             then the body, or with FlagBodyFile the path of a file that holds it
type Request struct {
	Flags   byte
	Attempt uint16
	Slot    uint32
	ID      uint64
	Head    []byte // shares memory with the record
	Rest    []byte // shares memory with the record
}

// PutRequestPrefix writes the prefix of a request record into b, which must
// hold at least RequestPrefix bytes.
func PutRequestPrefix(b []byte, flags byte, attempt uint16, slot uint32, id uint64, head int) {
	b[0], b[1] = TypeRequest, flags
	binary.LittleEndian.PutUint16(b[2:], attempt)
	binary.LittleEndian.PutUint32(b[4:], slot)
	binary.LittleEndian.PutUint64(b[8:], id)
	binary.LittleEndian.PutUint32(b[16:], uint32(head))
	binary.LittleEndian.PutUint32(b[20:], 0)
}

// ParseRequest reads one request record. It returns ErrRecord when b is none.
func ParseRequest(b []byte) (Request, error) {
	if len(b) < RequestPrefix || b[0] != TypeRequest {
		return Request{}, ErrRecord
	}
	head := uint64(binary.LittleEndian.Uint32(b[16:]))
	if head > uint64(len(b)-RequestPrefix) {
		return Request{}, ErrRecord
	}
	end := RequestPrefix + int(head)
	return Request{
		Flags:   b[1],
		Attempt: binary.LittleEndian.Uint16(b[2:]),
		Slot:    binary.LittleEndian.Uint32(b[4:]),
		ID:      binary.LittleEndian.Uint64(b[8:]),
		Head:    b[RequestPrefix:end:end],
		Rest:    b[end:],
	}, nil
}

// Reply is a record from a worker.
//
//	offset size
//	     0    1  type
//	     1    1  flags
//	     2    2  zero
//	     4    4  slot, as in the request
//	     8    8  id, as in the request (0 in TypeReady and TypeReloaded)
//	    16    4  length of the head, 0 when this record begins with body
//	    20    4  zero
//	    24    8  final: when the worker took the request
//	    32    8  final: when it finished
//	    40    8  final: CPU time spent in between, ns, all threads of the process
//	    48       head: an HTTP/1.1 response head up to and with the empty line
//	             then body bytes, as they are (never chunked)
type Reply struct {
	Type     byte
	Flags    byte
	Slot     uint32
	ID       uint64
	Took     uint64
	Finished uint64
	CPU      uint64
	Head     []byte // nil when there is none; shares memory with the record
	Body     []byte // shares memory with the record
}

// Put writes the prefix of the record into b, which must hold at least
// ReplyPrefix bytes; head is the length of the head that follows it. The
// fields Head and Body are not looked at.
func (r *Reply) Put(b []byte, head int) {
	b[0], b[1], b[2], b[3] = r.Type, r.Flags, 0, 0
	binary.LittleEndian.PutUint32(b[4:], r.Slot)
	binary.LittleEndian.PutUint64(b[8:], r.ID)
	binary.LittleEndian.PutUint32(b[16:], uint32(head))
	binary.LittleEndian.PutUint32(b[20:], 0)
	binary.LittleEndian.PutUint64(b[24:], r.Took)
	binary.LittleEndian.PutUint64(b[32:], r.Finished)
	binary.LittleEndian.PutUint64(b[40:], r.CPU)
}

// ParseReply reads one record from a worker. It returns ErrRecord when b is none.
func ParseReply(b []byte) (Reply, error) {
	if len(b) < ReplyPrefix || b[0] < TypeReply || b[0] > TypeReloaded {
		return Reply{}, ErrRecord
	}
	head := uint64(binary.LittleEndian.Uint32(b[16:]))
	if head > uint64(len(b)-ReplyPrefix) {
		return Reply{}, ErrRecord
	}
	r := Reply{
		Type:     b[0],
		Flags:    b[1],
		Slot:     binary.LittleEndian.Uint32(b[4:]),
		ID:       binary.LittleEndian.Uint64(b[8:]),
		Took:     binary.LittleEndian.Uint64(b[24:]),
		Finished: binary.LittleEndian.Uint64(b[32:]),
		CPU:      binary.LittleEndian.Uint64(b[40:]),
	}
	end := ReplyPrefix + int(head)
	if head > 0 {
		r.Head = b[ReplyPrefix:end:end]
	}
	r.Body = b[end:]
	return r, nil
}
