package sharedsocket

import (
	"testing"
	"time"
)

// A worker that has answered and never comes back is noticed too.
func TestOverstay(t *testing.T) {
	s := open(t, Config{RequestTimeout: 300 * time.Millisecond})
	h := hire(t, s, 1)
	submit(t, s, "answer-and-hang").want(t, h.pid(), nil)
	h.expect(t, EventHung)
}
