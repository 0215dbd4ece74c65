package manager

import "testing"

// A request may be over as soon as what it printed has been read.
func TestLabelOfARequestThatEnds(t *testing.T) {
	var o *output
	ready := make(chan struct{})
	label := func() string {
		if <-ready; o.unread() {
			return "request"
		}
		return ""
	}
	lines := make(chan printed, 1)
	o, err := newOutput(label, nil, func(line printed) { lines <- line }, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.writers[0].WriteString("line\n"); err != nil {
		t.Fatal(err)
	}
	close(ready)
	if line := <-lines; line.label != "request" || string(line.text) != "line" {
		t.Errorf("got %q for %q", line.text, line.label)
	}
	o.started()
	<-o.read
	o.closeReaders()
	o.arrival.Close()
}
