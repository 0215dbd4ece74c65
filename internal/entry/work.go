package entry

import (
	"sync"
	"time"
	"unsafe"

	"github.com/rip-server/rip-server/internal/accesslog"
	"github.com/rip-server/rip-server/internal/http1"
)

const (
	readBuffer = 4 << 10  // what a connection reads into, until a head does not fit
	bodyBuffer = 32 << 10 // what it reads a large body into
	keptBuffer = 16 << 10 // larger ones are not kept for the next request
)

// work is what a connection needs only while it has something to do. An idle
// connection has none, which keeps it small.
type work struct {
	in   []byte // what was received and not used yet is in[r:w]
	r, w int
	out  []byte // what is to be sent and was not yet

	request  http1.Request
	response http1.Response
	body     body
	answer   answer
	x        *exchange // of the request; nil before the first and after one that was left to itself
	flying   bool      // x is with the shared socket

	log    accesslog.Record
	begun  time.Time // when the head was complete
	method []byte    // of the request, in memory that lasts until it is done
	path   []byte    // likewise
	media  []byte    // media type of the answer
	client []byte    // address of the client that a proxy names
}

var works = sync.Pool{New: func() any {
	return &work{in: make([]byte, readBuffer)}
}}

func getWork() *work { return works.Get().(*work) }

func (w *work) put() {
	if len(w.in) != readBuffer {
		w.in = make([]byte, readBuffer)
	}
	if cap(w.out) > keptBuffer {
		w.out = nil
	}
	w.r, w.w, w.out = 0, 0, w.out[:0]
	works.Put(w)
}

// view returns b as a string that shares its memory, for what only looks at it
// before b changes.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
