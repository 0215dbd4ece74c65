package driver

import "time"

// Recovered waits until the server is healthy again and says how long that
// took; then it must serve as ever.
func (s *Server) Recovered() {
	s.t.Helper()
	began := time.Now()
	s.AwaitHealthy()
	s.t.Logf("healthy %v after the cause was gone", time.Since(began))
	s.Judge(s.Load(Plain(4, 100)).Wait())
	s.Settled()
}
