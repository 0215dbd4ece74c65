package server

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestOutletNeverBlocks(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	o := newOutlet(w)
	line := []byte(strings.Repeat("x", 99) + "\n")
	const n = 100_000 // more than pipe and outlet hold, and nobody reads
	for range n {
		if _, err := o.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	read := make(chan string)
	go func() {
		var b bytes.Buffer
		_, _ = b.ReadFrom(r)
		read <- b.String()
	}()
	o.Close()
	w.Close()
	text := <-read
	if kept := strings.Count(text, string(line)); kept == 0 || kept >= n {
		t.Errorf("%d of %d lines came out, want some", kept, n)
	}
	if !strings.Contains(text, " log lines were dropped") {
		t.Error("the loss is not reported")
	}
}
