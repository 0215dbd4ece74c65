package driver

// Pending is a request whose answer is still to come.
type Pending struct {
	s    *Server
	id   string
	done chan struct{}
	a    *Answer
	err  error
}

// Go sends a GET with an id for the journal on a connection of its own, and
// does not wait for the answer.
func (s *Server) Go(id, target string) *Pending {
	p := &Pending{s: s, id: id, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.a, p.err = s.Do(&Request{Target: target, Fields: []string{"X-Lab-Id: " + id}})
	}()
	return p
}

// Done tells whether the answer has come.
func (p *Pending) Done() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Answer waits for the answer, which must come.
func (p *Pending) Answer() *Answer {
	p.s.t.Helper()
	<-p.done
	if p.err != nil {
		p.s.Fatalf("%s: %v", p.id, p.err)
	}
	return p.a
}
