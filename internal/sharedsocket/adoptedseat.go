package sharedsocket

import "strconv"

// environ is what a program finds an adopted socket by, sd_listen_fds(3), less
// LISTEN_PID: that is not known before there is a process.
func (t *Seat) environ() []string {
	cfg := &t.s.cfg
	return []string{
		"LISTEN_FDS=1",
		"LISTEN_FDNAMES=http",
		"RIP_APP=" + cfg.Name,
		"RIP_APP_DIR=" + cfg.Dir,
		"RIP_WORKER=" + strconv.Itoa(t.number),
	}
}

// Adopted tells that the worker is a program that adopts the shared socket. Of
// such a one Runs and Ready have to be called.
func (t *Seat) Adopted() bool { return t.s.adopted() }

// Runs says which process the program is.
func (t *Seat) Runs(pid int) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	t.pid = pid
}

// Ready says that the program takes requests now. Calls after the first do
// nothing.
func (t *Seat) Ready() {
	t.s.mu.Lock()
	if t.isReady || t.s.seats[t.index] != t {
		t.s.mu.Unlock()
		return
	}
	t.isReady, t.rested = true, Now()
	t.s.ready++
	t.s.recount()
	t.s.mu.Unlock()
	t.notify(Event{Kind: EventReady})
	t.s.refill()
}

// Deaf tells whether none of the program's processes can take a request any
// more: each has closed the shared socket, or is gone.
func (t *Seat) Deaf() (deaf, gone bool) {
	t.s.mu.Lock()
	pid, inode := t.pid, t.s.adoption.inode
	t.s.mu.Unlock()
	if pid == 0 || exiting(pid) {
		return true, true
	}
	deaf = true
	for _, member := range family(pid) {
		sockets(member, func(found uint32) { deaf = deaf && found != inode })
	}
	return deaf, false
}

// Strays returns the processes that have the shared socket open and belong to no
// worker: what a program that died has left behind in the background.
func (t *Seat) Strays() []int {
	t.s.mu.Lock()
	inode := t.s.adoption.inode
	t.s.mu.Unlock()
	return strays(inode)
}

// traced returns an exchange that the program was seen to hold, or nil. Called
// under the mutex.
func (t *Seat) traced() *Exchange {
	for _, x := range t.s.slots[:t.s.high] {
		if x != nil && x.seat == t {
			return x
		}
	}
	return nil
}

// bereave notes which exchanges a dead program has left: their connections
// have ended without a reply. Called under the mutex.
func (t *Seat) bereave() {
	for _, x := range t.s.slots[:t.s.high] {
		if x != nil && x.seat == nil && (x.cut || x.carrier != nil && x.carrier.ended() && !x.carrier.heard.Load()) {
			x.seat, x.Worker = t, t.number
		}
	}
}
