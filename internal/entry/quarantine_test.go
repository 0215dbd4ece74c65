package entry

import (
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// A request under quarantine is told so, and when to come again.
func TestQuarantinedRequest(t *testing.T) {
	s := start(t, Config{}, pong, func(s *server) {
		s.back.refuse = &sharedsocket.QuarantineError{Left: 26500 * time.Millisecond}
	})
	r := s.dial().get("/poison").receive()
	const text = "the same request has killed two workers; it is tried again in 27 s"
	if got, want := r.Header.Get("Proxy-Status"), `rip-server; error=http_request_denied; details="`+text+`"`; r.StatusCode != 503 || got != want {
		t.Errorf("status %d, Proxy-Status %s, want 503 and %s", r.StatusCode, got, want)
	}
	if got := r.Header.Get("Retry-After"); got != "27" {
		t.Errorf("Retry-After: %s", got)
	}
	s.wantLogged(`"status":503`, text)
}
