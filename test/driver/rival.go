package driver

// Rival starts the same command again on the same folders, at once, whatever
// became of the server so far.
func (s *Server) Rival() *Server {
	s.t.Helper()
	r := &Server{t: s.t, options: s.options, workers: s.workers, dir: s.dir, logName: "log of a rival"}
	s.t.Cleanup(r.cleanUp)
	r.launch(built.path, "0")
	return r
}

// Ended is closed when the server has ended.
func (s *Server) Ended() <-chan struct{} { return s.ended }
