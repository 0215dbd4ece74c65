package jsworker

import (
	"os"
	"time"
)

const (
	// reads is the time between two looks whether the server has read.
	reads = 100 * time.Microsecond

	// noted is what the server may need, once it has read, to note for which
	// request that was printed.
	noted = time.Millisecond

	// unheard bounds the wait for a server that does not read.
	unheard = 100 * time.Millisecond
)

// outlet is standard output or error, as an app prints to it.
type outlet struct {
	file  *os.File
	wrote bool // since it was set to false
}

// Write implements io.Writer.
func (o *outlet) Write(b []byte) (int, error) {
	o.wrote = true
	return o.file.Write(b)
}

// WriteString implements io.StringWriter.
func (o *outlet) WriteString(s string) (int, error) {
	o.wrote = true
	return o.file.WriteString(s)
}

// outlets are those of a process.
type outlets []*outlet

// begin forgets what was printed so far.
func (all outlets) begin() {
	for _, o := range all {
		o.wrote = false
	}
}

// end returns when the server has read what was printed since begin. It goes by
// the request that a worker runs when it reads, so what is still in a pipe when
// the next one is claimed would be taken for that one's.
func (all outlets) end() {
	wrote := false
	for _, o := range all {
		wrote = wrote || o.wrote
		for end := time.Now().Add(unheard); o.wrote && unread(o.file) && time.Now().Before(end); {
			time.Sleep(reads)
		}
	}
	if wrote {
		time.Sleep(noted)
	}
}
