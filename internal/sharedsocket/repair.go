package sharedsocket

// inspect repairs what a worker can do to the descriptor that all share.
func (s *Socket) inspect() {
	if s.cfg.Type == Stream && hungUp(s.workers) {
		s.relisten("it was shut down")
	}
	if s.adopted() { // whether it blocks is the affair of the programs
		return
	}
	if unblocked, err := keepBlocking(s.workers); err == nil && unblocked {
		s.cfg.Log.Warn("a worker made the shared socket non-blocking; it blocks again")
	}
	if s.cfg.Type == Seqpacket && hungUp(s.server) {
		s.repair("it was shut down")
	}
}

// repair replaces a broken pair under the same descriptor numbers. What no
// worker has claimed is sent again; all workers hold the old one and have to
// be replaced.
func (s *Socket) repair(why string) {
	if s.cfg.Type == Stream { // see inspect
		return
	}
	s.mu.Lock()
	if s.closed || !hungUp(s.server) {
		s.mu.Unlock()
		return
	}
	err := replacePair(s.server, s.workers, s.cfg.SendBuffer)
	if err == nil {
		limitReads(s.workers, s.cfg.ReadTimeout)
		for _, x := range s.slots[:s.high] {
			if x != nil && x.seat == nil {
				s.unwant(x, resend, 0)
			}
		}
	}
	s.mu.Unlock()
	if err != nil {
		s.cfg.Log.Error("the shared socket is broken and could not be replaced", "why", why, "error", err)
		return
	}
	s.cfg.Log.Warn("a worker broke the shared socket; it was replaced, and so are all workers", "why", why)
	if s.cfg.Broken != nil {
		s.cfg.Broken()
	}
}

// relisten replaces a listening socket that a worker has shut down. Nobody can
// accept on the old one any more, so what nobody had accepted is sent again.
func (s *Socket) relisten(why string) {
	s.mu.Lock()
	if s.closed || !hungUp(s.workers) {
		s.mu.Unlock()
		return
	}
	a := &s.adoption
	err := replaceListener(s.workers, a.door, s.cfg.Path)
	if err == nil {
		a.inode = inodeOf(s.workers)
		for _, x := range s.slots[:s.high] {
			switch {
			case x == nil || x.seat != nil:
			case !s.adopted():
				s.unwant(x, resend, 0)
			case x.carrier != nil && !x.claimed && s.unaccepted(x):
				x.carrier.stop()
				x.Attempt--
				s.requeue(x)
			}
		}
	}
	s.mu.Unlock()
	if err != nil {
		s.cfg.Log.Error("the shared socket is broken and could not be replaced", "why", why, "error", err)
		return
	}
	s.cfg.Log.Warn("a worker broke the shared socket; it was replaced, and so are all workers", "why", why)
	if s.cfg.Broken != nil {
		s.cfg.Broken()
	}
}
