package entry

import (
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// regainEvery is how often a descriptor is tried to be had. Those of the stream
// type are free for some microseconds between two requests.
const regainEvery = 100 * time.Microsecond

// reserve is a descriptor that is kept for the moment when there are no
// others, so that a connection can be accepted and told so. Without it the
// connection would stay where it is and make every accept fail.
type reserve struct {
	mu   sync.Mutex
	file *os.File
}

// open puts a descriptor by. It returns false when there is none to be had; it
// is tried again at every tick.
func (r *reserve) open() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		r.file, _ = os.Open(os.DevNull)
	}
	return r.file != nil
}

// regain opens it as soon as one is free for a moment. It returns false when none
// was within that time.
func (r *reserve) regain(within time.Duration) bool {
	for end := time.Now().Add(within); !r.open(); time.Sleep(regainEvery) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

func (r *reserve) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file != nil {
		r.file.Close()
		r.file = nil
	}
}

// keptDescriptors is how many descriptors connections leave, at most, to what
// is done for them: without them no request could reach a worker on the stream
// type, and no body go to a file. Of few descriptors it is a quarter.
const keptDescriptors = 1024

// affordable returns how many connections there can be without a limit of
// their own, when others need so many descriptors. A quarter is for connections
// in any case.
func affordable(others int) int {
	n := descriptors()
	return max(n/4, n-min(n/4, keptDescriptors)-others)
}

// descriptors returns how many the process may have open, 0 when that is not
// known.
func descriptors() int {
	var lim unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &lim) != nil {
		return 0
	}
	return int(min(lim.Cur, 1<<30))
}
