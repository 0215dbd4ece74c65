package entry

import (
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// reserve is a descriptor that is kept for the moment when there are no
// others, so that a connection can be accepted and told so. Without it the
// connection would stay where it is and make every accept fail.
type reserve struct {
	mu   sync.Mutex
	file *os.File
}

// open puts a descriptor by. It returns false when there is none to be had; it
// is tried again after the next failed accept.
func (r *reserve) open() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		r.file, _ = os.Open(os.DevNull)
	}
	return r.file != nil
}

func (r *reserve) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file != nil {
		r.file.Close()
		r.file = nil
	}
}

// keptDescriptors is how many descriptors connections leave, at most, to the
// rest of the server: without them no worker could be started, no request
// reach one on the stream type, and no body go to a file. Of few descriptors
// it is a quarter.
const keptDescriptors = 1024

// affordable returns how many connections there can be without a limit of
// their own.
func affordable() int {
	var lim unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &lim) != nil {
		return 0
	}
	n := int(min(lim.Cur, 1<<30))
	return n - min(n/4, keptDescriptors)
}
