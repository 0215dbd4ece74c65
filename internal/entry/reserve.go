package entry

import (
	"os"
	"sync"
)

// reserve is a descriptor that is kept for the moment when there are no
// others, so that a connection can be accepted and told so. Without it the
// connection would stay where it is and make every accept fail.
type reserve struct {
	mu   sync.Mutex
	file *os.File
}

func (r *reserve) open() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		r.file, _ = os.Open(os.DevNull) // tried again after the next failed accept
	}
}

func (r *reserve) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file != nil {
		r.file.Close()
		r.file = nil
	}
}
