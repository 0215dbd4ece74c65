package entry

import (
	"errors"
	"io"
	"net"
	"syscall"
	"time"
)

const (
	// acceptPause is how long accepting waits after a failure that may pass
	// when no connection departs before: long enough not to spin.
	acceptPause = 50 * time.Millisecond

	// sayEvery is how often it is logged that connections cannot be accepted.
	sayEvery = 10 * time.Second

	// lastAccepts is how long connections are still accepted when a stop has
	// begun and no new one can begin: time for the round trip of those that are
	// being made.
	lastAccepts = 100 * time.Millisecond

	// surplus is how many connections there may be beyond MaxConns while idle
	// ones that have to go for them are still being closed.
	surplus = 16

	// settled is for how many ticks a connection must have been idle before it
	// may have to go for a new one: the request of one that has just come is on
	// its way.
	settled = 3

	// doorstep is how many connections that are turned away may wait at one
	// time until the client has read why, of few descriptors no more than a
	// sixteenth, and doorTime for how long.
	doorstep = 64
	doorTime = time.Second
)

func (e *Entry) accept(l net.Listener) {
	defer e.accepts.Done()
	defer l.Close()
	said := uint64(0) // when it was last logged, in ticks
	for {
		nc, err := l.Accept()
		if err == nil {
			e.welcome(nc)
			continue
		}
		if e.stopping.Load() || errors.Is(err, net.ErrClosed) {
			e.acceptRest(l)
			return
		}
		// A shortage comes and goes with every connection that ends.
		if now := e.clock.now(); said == 0 || now-said > ticks(sayEvery) {
			said = now
			e.cfg.Log.Warn("cannot accept connections", "error", err)
		}
		e.recover(l, err)
	}
}

// patientListener is a listener that can be waited on for a while.
type patientListener interface {
	net.Listener
	SetDeadline(time.Time) error
}

// endAccepting lets no new connection begin, and makes accept end after wait.
// What was completed by the kernel and is not accepted when a listener closes
// is reset.
func endAccepting(l net.Listener, wait time.Duration) {
	dropAttempts(l)
	d, ok := l.(patientListener)
	if !ok || d.SetDeadline(time.Now().Add(wait)) != nil {
		l.Close()
	}
}

// acceptRest accepts what still waits when the time of endAccepting is over.
func (e *Entry) acceptRest(l net.Listener) {
	d, ok := l.(patientListener)
	for end := time.Now().Add(e.lastAccepts); ok && time.Now().Before(end); {
		// A deadline that is over would fail without a look.
		if d.SetDeadline(time.Now().Add(time.Millisecond)) != nil {
			return
		}
		nc, err := l.Accept()
		if err != nil {
			return
		}
		e.welcome(nc)
	}
}

// recover makes room after a failed accept, and waits for it. When descriptors
// have run out, connections that wait for their next request are closed; when
// there are none of these, the newcomer is told, with the descriptor that was
// kept for it; one after the other, as they come. While that descriptor is used
// others may take it, for requests of those who are connected: then it is got back
// first, or they would keep newcomers waiting for ever.
func (e *Entry) recover(l net.Listener, err error) {
	if (errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)) && e.closeIdle(surplus, settled) == 0 && e.reserve.regain(acceptPause) {
		e.reserve.close()
		if nc, err := l.Accept(); err == nil {
			if e.reserve.open() { // it came later than there was room again
				e.welcome(nc)
				return
			}
			sayFull(nc)
			nc.Close()
			e.reserve.open()
			return
		}
		e.reserve.open()
	}
	select {
	case <-e.room: // of some time ago
	default:
	}
	pause := time.NewTimer(acceptPause)
	defer pause.Stop()
	select {
	case <-e.room:
	case <-pause.C:
	}
}

// welcome starts to serve a connection, unless there are too many.
func (e *Entry) welcome(nc net.Conn) {
	c, err := newConn(e, nc)
	if err != nil {
		e.cfg.Log.Warn("cannot serve a connection", "error", err)
		nc.Close()
		return
	}
	if !e.enroll(c) {
		e.turnAway(nc)
		return
	}
	go c.serve()
}

// enroll adds a connection. It returns false when there are too many.
func (e *Entry) enroll(c *conn) bool {
	if most := e.cfg.MaxConns; most > 0 {
		e.mu.Lock()
		n := len(e.conns)
		e.mu.Unlock()
		if n >= most+surplus || n >= most && e.closeIdle(1, settled) == 0 {
			return false
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if most := e.cfg.MaxConnsPerIP; most > 0 && !c.peer.trusted { // a proxy has many clients
		if e.addresses[c.peer.site] >= most {
			return false
		}
		e.addresses[c.peer.site]++
	}
	c.place = len(e.conns)
	e.conns = append(e.conns, c)
	return true
}

// depart forgets a connection that was closed.
func (e *Entry) depart(c *conn) {
	e.mu.Lock()
	last := len(e.conns) - 1
	e.conns[c.place] = e.conns[last]
	e.conns[c.place].place = c.place
	e.conns[last] = nil
	e.conns = e.conns[:last]
	if e.cfg.MaxConnsPerIP > 0 && !c.peer.trusted {
		if e.addresses[c.peer.site]--; e.addresses[c.peer.site] == 0 {
			delete(e.addresses, c.peer.site)
		}
	}
	if e.shut && last == 0 {
		close(e.none)
	}
	e.mu.Unlock()
	select {
	case e.room <- struct{}{}:
	default:
	}
}

// closeIdle closes up to n connections that have waited for their next request
// for age ticks, and returns how many.
func (e *Entry) closeIdle(n int, age uint64) (closed int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range e.conns {
		if closed == n {
			break
		}
		word := c.word.Load()
		if phaseOf(word) == phaseIdle && e.clock.now()-word>>8 >= age && c.expire(word) {
			closed++
		}
	}
	return closed
}

const tooManyConnections = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n" +
	"Proxy-Status: rip-server; error=connection_limit_reached; details=\"too many connections\"\r\n" +
	"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 21\r\n\r\nToo many connections\n"

// turnAway closes a connection for which there is no room. It costs little to
// say why, and a balancer in front understands it.
func (e *Entry) turnAway(nc net.Conn) {
	_ = nc.SetDeadline(time.Now().Add(doorTime))
	sayFull(nc)
	select {
	case e.doorstep <- struct{}{}:
		e.accepts.Go(func() {
			if half, ok := nc.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
				_, _ = io.Copy(io.Discard, nc) // what nobody reads would reset the answer
			}
			nc.Close()
			<-e.doorstep
		})
	default:
		nc.Close()
	}
}

func sayFull(nc net.Conn) { _, _ = io.WriteString(nc, tooManyConnections) }
