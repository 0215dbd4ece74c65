package driver

import "os"

// NothingLeft looks for what a stopped server should have removed.
func (s *Server) NothingLeft() {
	s.t.Helper()
	entries, err := os.ReadDir(s.RunDir())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Type()&os.ModeSocket != 0 {
			s.t.Errorf("the socket %s is left", e.Name())
		}
	}
}
