package webapi

import (
	"crypto/rand"
	"encoding/hex"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// randomBytes fills the ArrayBuffer, or view of one, that it is given.
func randomBytes(args []quickjs.Value) (any, error) {
	_, _ = rand.Read(args[0].View()) // it never fails
	return nil, nil
}

// randomUUID returns a UUID of version 4, RFC 9562.
func randomUUID([]quickjs.Value) (any, error) {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	text := make([]byte, 0, 36)
	for _, part := range [][]byte{b[:4], b[4:6], b[6:8], b[8:10], b[10:]} {
		if len(text) > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, part)
	}
	return string(text), nil
}
