package entry

import (
	"errors"
	"net"
	"syscall"
	"time"
)

// acceptPause is how long accepting waits after a failure that may pass, when
// descriptors have run out: long enough not to spin, short enough not to be felt.
const acceptPause = 20 * time.Millisecond

func (e *Entry) accept(l net.Listener) {
	defer e.accepts.Done()
	failing := false
	for {
		nc, err := l.Accept()
		if err == nil {
			failing = false
			e.welcome(nc)
			continue
		}
		if e.stopping.Load() || errors.Is(err, net.ErrClosed) {
			return
		}
		if !failing {
			failing = true
			e.cfg.Log.Warn("cannot accept connections", "error", err)
		}
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			e.closeIdle(16)
		}
		time.Sleep(acceptPause)
	}
}

// welcome starts to serve a connection, unless there are too many.
func (e *Entry) welcome(nc net.Conn) {
	c := newConn(e, nc)
	if c == nil {
		nc.Close()
		return
	}
	e.mu.Lock()
	full := e.cfg.MaxConns > 0 && len(e.conns) >= e.cfg.MaxConns
	crowded := e.cfg.MaxConnsPerIP > 0 && e.addresses[c.client] >= e.cfg.MaxConnsPerIP
	if e.stopping.Load() || full || crowded {
		e.mu.Unlock()
		if full {
			e.closeIdle(1)
		}
		// It costs nothing to say why, and a balancer in front understands it.
		_ = nc.SetDeadline(time.Now().Add(time.Second))
		_, _ = nc.Write([]byte(tooManyConnections))
		nc.Close()
		return
	}
	e.conns[c] = struct{}{}
	if e.cfg.MaxConnsPerIP > 0 {
		e.addresses[c.client]++
	}
	e.mu.Unlock()
	go c.serve()
}

const tooManyConnections = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n" +
	"Proxy-Status: rip-server; error=connection_limit_reached\r\nContent-Type: text/plain; charset=utf-8\r\n" +
	"Content-Length: 26\r\n\r\nThere are too many clients"

// depart forgets a connection that was closed.
func (e *Entry) depart(c *conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.conns, c)
	if e.cfg.MaxConnsPerIP > 0 {
		if e.addresses[c.client]--; e.addresses[c.client] == 0 {
			delete(e.addresses, c.client)
		}
	}
	if len(e.conns) == 0 && e.stopping.Load() {
		close(e.none)
	}
}

// closeIdle closes up to n connections that wait for their next request.
func (e *Entry) closeIdle(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := range e.conns {
		if n == 0 {
			return
		}
		if c.phase.Load() == phaseIdle {
			c.expire()
			n--
		}
	}
}
