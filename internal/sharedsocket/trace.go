package sharedsocket

import (
	"errors"
	"log/slog"

	"golang.org/x/sys/unix"
)

// sighting is what was seen of one connection to a program that adopted the
// socket.
type sighting struct {
	x     *Exchange
	id    uint64
	inode uint32 // of the server's end
	peer  uint32 // of the other end, 0 = nobody has accepted it
	ended bool   // it is no connection any more
	pid   int    // of the process that holds it, 0 = none was found
	seat  *Seat
}

// lookAtAdopted is look for programs that adopted the socket. It is called by
// the goroutine of watch alone.
func (s *Socket) lookAtAdopted(now uint64) {
	var over []ending
	s.mu.Lock()
	for x := s.queue.first; x != nil && s.waitedTooLong(x, now); x = s.queue.first {
		over = s.conclude(over, x, ErrQueueTimeout)
	}
	inFlight, wanted, leaving, ignored := 0, false, false, false
	for _, t := range s.seats {
		leaving = leaving || t != nil && t.leaving
	}
	for _, x := range s.slots[:s.high] {
		switch {
		case x == nil:
		case x.cut:
			if s.late(x.since, now, verdictAfter) {
				over = s.judge(over, x)
			}
		case x.carrier != nil:
			inFlight++
			ignored = ignored || !x.claimed && s.late(x.since, now, ignoredAfter)
			wanted = wanted || x.held.pid == 0 && (x.claimed || leaving || s.late(x.since, now, tick))
		}
	}
	s.suspects.forget(now)
	waiting := s.queue.n > 0
	all := inFlight > 1 && !s.adoption.crowded && now-s.adoption.sampled > uint64(sampleEvery)
	s.mu.Unlock()
	s.tell(over)
	a := &s.adoption
	if ignored && !a.ignored {
		a.ignored = true
		s.cfg.Log.Warn("a request waits and no program takes it: does the program adopt the listening socket (descriptor 3, LISTEN_FDS)?")
	}
	if (wanted || all) && !a.blind.Load() && now >= a.next {
		s.trace(all)
		if all {
			a.sampled = now
		}
		took := Now() - now
		a.next = now + took*traceShare
	}
	s.endLate(now)
	if waiting || len(over) > 0 {
		s.refill()
	}
	s.inspect()
}

// trace finds out which connections were accepted and which process holds the
// other end: of all of them, or of those of which that is not known.
func (s *Socket) trace(all bool) {
	var list []sighting
	var seats []*Seat
	s.mu.Lock()
	for _, x := range s.slots[:s.high] {
		if x != nil && x.carrier != nil && (all || x.held.pid == 0) {
			list = append(list, sighting{x: x, id: x.id, inode: x.held.inode})
		}
	}
	for _, t := range s.seats {
		if t != nil && t.pid != 0 {
			seats = append(seats, t)
		}
	}
	s.mu.Unlock()
	accepted, err := s.askPeers(list)
	if err != nil {
		if !s.adoption.blind.Swap(true) {
			s.cfg.Log.Warn("the kernel does not say which process holds a connection, so a program that hangs cannot be found", slog.Any("error", err))
		}
		return
	}
	if len(accepted) > 0 {
		findHolders(accepted, seats)
	}
	s.mu.Lock()
	for i := range list {
		s.sight(&list[i])
	}
	s.recount() // a worker that leaves may hold some of them
	s.mu.Unlock()
	s.lookForCrowd(list)
	s.refill()
}

// askPeers completes the sightings with what is at the other end, and returns
// those that somebody has accepted by that.
func (s *Socket) askPeers(list []sighting) (accepted map[uint32]*sighting, err error) {
	accepted = make(map[uint32]*sighting)
	for i := range list {
		g := &list[i]
		g.peer, err = s.adoption.diag.peer(g.inode)
		switch {
		case errors.Is(err, unix.ENOENT):
			g.ended = true
		case err != nil:
			return nil, err
		case g.peer != 0:
			accepted[g.peer] = g
		}
	}
	return accepted, nil
}

// findHolders looks for the processes that hold the other ends.
func findHolders(accepted map[uint32]*sighting, seats []*Seat) {
	for _, t := range seats {
		for _, pid := range family(t.pid) {
			sockets(pid, func(inode uint32) {
				if g := accepted[inode]; g != nil && g.pid == 0 {
					g.pid, g.seat = pid, t
				}
			})
		}
	}
}

// sight writes down what was seen. Called under the mutex.
func (s *Socket) sight(g *sighting) {
	x := g.x
	if x.state != sent || x.id != g.id || g.ended || g.peer == 0 {
		return
	}
	x.claimed = true
	if g.seat == nil || s.seats[g.seat.index] != g.seat {
		return
	}
	x.held.pid = g.pid
	x.seat, x.Worker = g.seat, g.seat.number
	if g.seat.leaving {
		s.stepAside(x)
	}
}

// lookForCrowd looks for a process that holds more than one of the connections.
// What is in both of two looks at its descriptors was there between the two, so
// one that ends a request and takes the next meanwhile is not taken for such.
func (s *Socket) lookForCrowd(list []sighting) {
	s.mu.Lock()
	known := s.adoption.crowded
	s.mu.Unlock()
	if known {
		return
	}
	byPID := map[int][]*sighting{}
	for i := range list {
		if g := &list[i]; g.pid != 0 {
			byPID[g.pid] = append(byPID[g.pid], g)
		}
	}
	for pid, mine := range byPID {
		if len(mine) < 2 {
			continue
		}
		still := 0
		sockets(pid, func(inode uint32) {
			for _, g := range mine {
				if g.peer == inode {
					still++
				}
			}
		})
		if still < 2 {
			continue
		}
		s.mu.Lock()
		s.adoption.crowded = true
		s.mu.Unlock()
		s.cfg.Log.Warn("a process of the program holds more than one request at a time: they are not isolated from each other, and a crash or a hung one ends them all",
			slog.Int("worker", mine[0].seat.number), slog.Int("pid", pid), slog.Int("requests", still))
		return
	}
}
