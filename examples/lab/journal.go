package main

import (
	"fmt"
	"net/http"
	"os"
)

// journal is a file that all workers append to. A line is one write, so that
// lines never mix, and has the length of a part of a page, so that the death of
// a worker never leaves half of it: the kernel may end a write early between
// two pages.
type journal struct{ file *os.File }

const journalLine = 128 // bytes

func openJournal(path string) (*journal, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return &journal{f}, nil
}

// around writes down when a request begins and ends, also when it panics.
func (j *journal) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id := r.Header.Get("X-Lab-Id"); id != "" {
			j.write("start", id)
			defer j.write("done", id)
		}
		next.ServeHTTP(w, r)
	})
}

func (j *journal) write(what, id string) {
	line := fmt.Sprintf("%s %s %d", what, id, os.Getpid())
	if len(line) >= journalLine {
		panic(fmt.Sprintf("X-Lab-Id %q is too long for the journal", id))
	}
	if _, err := fmt.Fprintf(j.file, "%-*s\n", journalLine-1, line); err != nil {
		// A journal with holes would accuse the server of what it did not do.
		panic(err)
	}
}
