// Package capsule keeps the requests that workers died of or hung in: whole,
// with what is known of the end of the worker, so that they can be looked at
// and sent again. docs/capsules.md is for people.
//
// The two halves of a capsule come apart: the shared socket knows the request
// and the manager knows how the process ended. A Recorder joins them.
package capsule

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// How a request ended.
const (
	Died = "died" // the worker did, while it ran the request
	Hung = "hung" // the worker was killed, because it took too long
)

// The files of a capsule, in a folder that has its id for a name.
const (
	factsFile   = "capsule.json"
	requestFile = "request.http" // head and body as the worker got them
	outputFile  = "output.txt"   // what the worker printed last
	stacksFile  = "stacks.txt"   // what it printed when it was asked for its stacks
)

// Capsule is what is known of one such request.
type Capsule struct {
	ID     string    `json:"id"`
	Time   time.Time `json:"time"` // when it was kept
	Server Server    `json:"server"`

	Request    string  `json:"request"` // its X-Request-Id
	Method     string  `json:"method"`
	Target     string  `json:"target"`
	Attempt    int     `json:"attempt"` // how often it was sent to workers; none of the earlier ones ran it
	Age        float64 `json:"ageSeconds"`
	BodyLength int64   `json:"bodyBytes"`
	BodyKept   int64   `json:"bodyBytesKept"` // fewer when it was too large to keep

	Ended      string  `json:"ended"`            // Died or Hung
	How        string  `json:"how"`              // "exit status 2", "signal: killed", "hung", …
	Signal     string  `json:"signal,omitempty"` // that ended the worker, "SIGSEGV"
	ExitStatus int     `json:"exitStatus"`       // of the worker, -1 after a signal
	CPU        float64 `json:"cpuSeconds"`       // about what the request cost
	Printed    string  `json:"printed,omitempty"`
	Worker     int     `json:"worker"`
	PID        int     `json:"pid"`
	Generation int     `json:"generation"`
	Before     uint64  `json:"requestsBefore"` // that the worker had finished

	dir string // that its files are in
}

// Server is how the app was served: what Replay needs to serve it alone.
type Server struct {
	App            string `json:"app"`
	Path           string `json:"path"`
	Env            string `json:"env"`
	Socket         string `json:"socket"`
	RequestTimeout string `json:"requestTimeout"`

	Exec string `json:"exec,omitempty"` // the option exec, "" = workers spoke the worker protocol
}

// Cut tells whether a part of the body was not kept.
func (c *Capsule) Cut() bool { return c.BodyKept < c.BodyLength }

// Dir returns the folder of its files.
func (c *Capsule) Dir() string { return c.dir }

// open returns the head of the request, and its body to read.
func (c *Capsule) open() (head []byte, body io.ReadCloser, err error) {
	f, err := os.Open(filepath.Join(c.dir, requestFile))
	if err != nil {
		return nil, nil, err
	}
	const most = 128 << 10 // more than any record has
	begin := make([]byte, most)
	n, err := io.ReadFull(f, begin)
	if err != nil && err != io.ErrUnexpectedEOF {
		f.Close()
		return nil, nil, fmt.Errorf("read %q: %w", f.Name(), err)
	}
	end := bytes.Index(begin[:n], []byte("\r\n\r\n"))
	if end < 0 {
		f.Close()
		return nil, nil, fmt.Errorf("%q holds no request", f.Name())
	}
	head = begin[:end+4]
	if _, err := f.Seek(int64(len(head)), io.SeekStart); err != nil {
		f.Close()
		return nil, nil, err
	}
	return head, f, nil
}

func load(dir string) (*Capsule, error) {
	b, err := os.ReadFile(filepath.Join(dir, factsFile))
	if err != nil {
		return nil, err
	}
	c := &Capsule{dir: dir}
	if err := json.Unmarshal(b, c); err != nil {
		return nil, fmt.Errorf("%q: %w", filepath.Join(dir, factsFile), err)
	}
	return c, nil
}
