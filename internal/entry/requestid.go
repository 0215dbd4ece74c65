package entry

import (
	"crypto/rand"
	"encoding/hex"
	"sync/atomic"

	"github.com/rip-server/rip-server/internal/http1"
)

// maxRequestID bounds an id that is taken from a proxy.
const maxRequestID = 128

// requestIDs makes ids of requests: unique in this process by a counter, among
// processes by a random part.
type requestIDs struct {
	prefix [16]byte
	n      atomic.Uint64
}

func newRequestIDs() *requestIDs {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	r := &requestIDs{}
	hex.Encode(r.prefix[:], random[:])
	return r
}

func (r *requestIDs) append(b []byte) []byte {
	const digits = "0123456789abcdef"
	b = append(b, r.prefix[:]...)
	for n, shift := r.n.Add(1), 28; shift >= 0; shift -= 4 {
		b = append(b, digits[n>>shift&15])
	}
	return b
}

// acceptable tells whether an id from outside can go into logs and fields.
func acceptable(id []byte) bool {
	if len(id) == 0 || len(id) > maxRequestID {
		return false
	}
	for _, c := range id {
		if c <= ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return http1.ValidFieldValue(id)
}
