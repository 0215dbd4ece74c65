package driver

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Echo is what the lab app answers at /echo and at every path it does not know.
type Echo struct {
	Method  string              `json:"method"`
	Target  string              `json:"target"`
	Headers map[string][]string `json:"headers"` // as received
	Size    int                 `json:"size"`    // of the body
	SHA256  string              `json:"sha256"`  // of the body
	Worker  int                 `json:"worker"`
	PID     int                 `json:"pid"`
}

// parseEcho reads the answer of the lab app.
func parseEcho(a *Answer) (*Echo, error) {
	if a.Status != 200 {
		return nil, fmt.Errorf("status %d %q", a.Status, a.Body)
	}
	var e Echo
	if err := json.Unmarshal(a.Body, &e); err != nil {
		return nil, fmt.Errorf("not an echo: %w in %q", err, a.Body)
	}
	return &e, nil
}

// Echo sends a request on a connection of its own, whose echo must be right.
func (s *Server) Echo(q *Request) *Echo {
	s.t.Helper()
	a, err := s.Do(q)
	if err != nil {
		s.Fatalf("%s %s: %v", q.Method, q.Target, err)
	}
	e, err := verifiedEcho(a, q)
	if err != nil {
		s.Fatalf("%s %s: %v", q.Method, q.Target, err)
	}
	return e
}

// VerifyEcho returns an error unless a is the right answer of the lab app to q.
func VerifyEcho(a *Answer, q *Request) error {
	_, err := verifiedEcho(a, q)
	return err
}

func verifiedEcho(a *Answer, q *Request) (*Echo, error) {
	e, err := parseEcho(a)
	if err == nil {
		err = e.verify(q)
	}
	return e, err
}

// Values returns the values of a header field as the app received them.
func (e *Echo) Values(name string) []string { return e.Headers[name] }

// verify compares what the app says it received with what was sent.
func (e *Echo) verify(q *Request) error {
	method := q.Method
	if method == "" {
		method = "GET"
	}
	sum := sha256.Sum256(q.Body)
	// Some interfaces (ASGI) do not tell an empty query from none.
	sameTarget := e.Target == q.Target || e.Target+"?" == q.Target
	switch {
	case e.Method != method || !sameTarget:
		return fmt.Errorf("the app received %s %s, sent was %s %s", e.Method, e.Target, method, q.Target)
	case e.Size != len(q.Body):
		return fmt.Errorf("the app received %d bytes, sent were %d", e.Size, len(q.Body))
	case e.SHA256 != hex.EncodeToString(sum[:]):
		return fmt.Errorf("the app received other bytes than were sent")
	}
	return nil
}
