package jsworker

import (
	"io"
	"os"
	"runtime"
	"testing"
	"time"
)

// What was printed after a response is waited for, by whoever reads it, and not
// for ever.
func TestOutlets(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	all := outlets{{file: w}, {file: w}}
	_, _ = io.WriteString(all[0], "during the request")
	all.begin()
	began := time.Now()
	if all.end(); time.Since(began) > unheard/2 {
		t.Error("it waits for what was printed before")
	}
	if runtime.GOOS != "linux" {
		return // it cannot be known
	}
	_, _ = io.WriteString(all[1], "after it")
	began = time.Now()
	if all.end(); time.Since(began) < unheard {
		t.Error("it does not wait")
	}
	go func() { _, _ = r.Read(make([]byte, 100)) }()
	if all.end(); unread(w) {
		t.Error("it ended before it was read")
	}
}
