package wire

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// The bytes of a record, as docs/worker-protocol.md has them.
func TestRequestLayout(t *testing.T) {
	b := make([]byte, RequestPrefix)
	PutRequestPrefix(b, FlagBodyFile, 0x0203, 0x04050607, 0x08090a0b0c0d0e0f, 3)
	if got := hex.EncodeToString(b); got != "0101030207060504"+"0f0e0d0c0b0a0908"+"0300000000000000" {
		t.Errorf("the prefix is %s", got)
	}
	q, err := ParseRequest(append(b, "abcde"...))
	if err != nil || q.Flags != FlagBodyFile || q.Attempt != 0x0203 || q.Slot != 0x04050607 ||
		q.ID != 0x08090a0b0c0d0e0f || string(q.Head) != "abc" || string(q.Rest) != "de" {
		t.Errorf("got %+v, %v", q, err)
	}
}

func TestReplyLayout(t *testing.T) {
	r := Reply{Type: TypeReply, Flags: FlagFinal | FlagSpent, Slot: 1, ID: 2, Took: 3, Finished: 4, CPU: 5}
	b := make([]byte, ReplyPrefix)
	r.Put(b, 3)
	if got := hex.EncodeToString(b); got != "020a000001000000"+"0200000000000000"+"0300000000000000"+
		"0300000000000000"+"0400000000000000"+"0500000000000000" {
		t.Errorf("the prefix is %s", got)
	}
	got, err := ParseReply(append(b, "abcde"...))
	r.Head, r.Body = []byte("abc"), []byte("de")
	if err != nil || got.Type != r.Type || got.Flags != r.Flags || got.Slot != r.Slot || got.ID != r.ID ||
		got.Took != r.Took || got.Finished != r.Finished || got.CPU != r.CPU ||
		!bytes.Equal(got.Head, r.Head) || !bytes.Equal(got.Body, r.Body) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestNoRecord(t *testing.T) {
	reply := make([]byte, ReplyPrefix)
	(&Reply{Type: TypeReady}).Put(reply, 1) // a head that is not there
	request := make([]byte, RequestPrefix)
	PutRequestPrefix(request, 0, 1, 1, 1, 1)
	for _, b := range [][]byte{nil, {}, {TypeReply}, make([]byte, ReplyPrefix), reply, reply[:ReplyPrefix-1]} {
		if _, err := ParseReply(b); err != ErrRecord {
			t.Errorf("a reply of %x: %v", b, err)
		}
	}
	for _, b := range [][]byte{nil, {TypeRequest}, make([]byte, RequestPrefix), request, append([]byte{TypeReply}, request[1:]...)} {
		if _, err := ParseRequest(b); err != ErrRecord {
			t.Errorf("a request of %x: %v", b, err)
		}
	}
}

// What is a record is made of the same bytes again: nothing is lost or read
// twice, and nothing beyond the record is looked at.
func FuzzReply(f *testing.F) {
	b := make([]byte, ReplyPrefix)
	(&Reply{Type: TypeReply, Flags: FlagFinal, Slot: 7, ID: 1<<13 | 7}).Put(b, 19)
	f.Add(append(b, "HTTP/1.1 200 OK\r\n\r\npong"...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseReply(b)
		if err != nil {
			return
		}
		again := make([]byte, ReplyPrefix)
		r.Put(again, len(r.Head))
		copy(again[2:4], b[2:4])     // zero today
		copy(again[20:24], b[20:24]) // likewise
		if again = append(append(again, r.Head...), r.Body...); !bytes.Equal(again, b) {
			t.Errorf("%x became %x", b, again)
		}
		if r.Head != nil && cap(r.Head) != len(r.Head) {
			t.Error("appending to the head would write to the body")
		}
	})
}

func FuzzRequest(f *testing.F) {
	b := make([]byte, RequestPrefix)
	PutRequestPrefix(b, 0, 1, 7, 1<<13|7, 18)
	f.Add(append(b, "GET / HTTP/1.1\r\n\r\nbody"...))
	f.Add([]byte{TypeRequest})
	f.Fuzz(func(t *testing.T, b []byte) {
		q, err := ParseRequest(b)
		if err != nil {
			return
		}
		again := make([]byte, RequestPrefix)
		PutRequestPrefix(again, q.Flags, q.Attempt, q.Slot, q.ID, len(q.Head))
		copy(again[20:24], b[20:24]) // zero today
		if again = append(append(again, q.Head...), q.Rest...); !bytes.Equal(again, b) {
			t.Errorf("%x became %x", b, again)
		}
	})
}
