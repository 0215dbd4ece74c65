package entry

import (
	"errors"
	"net"
	"runtime"
	"testing"
	"time"
)

// Connections that the kernel has completed when a stop begins, and even when
// the time to accept is over, are served.
func TestStopServesTheBacklog(t *testing.T) {
	s := start(t, Config{}, pong)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	var waiting []*client
	for range 20 {
		waiting = append(waiting, s.dial().send("GET / HTTP/1.1\r\nHost: test\r\n\r\n"))
	}
	defer func(d time.Duration) { s.lastAccepts = d }(s.lastAccepts)
	s.lastAccepts = patienceOfTests
	if err := l.(patientListener).SetDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock() // Serve would accept them before
	s.accepts.Add(1)
	s.mu.Unlock()
	s.Entry.stopping.Store(true)
	s.accept(l)
	s.Entry.stopping.Store(false)
	for _, c := range waiting {
		c.want(200, "pong")
	}
}

// No connection begins any more while those that were made are accepted.
func TestDropAttempts(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs socket filters")
	}
	var plain net.ListenConfig
	plain.SetMultipathTCP(false)
	l, err := plain.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	before, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	dropAttempts(l)
	if c, err := net.DialTimeout("tcp", l.Addr().String(), 50*time.Millisecond); !timeout(err) {
		t.Fatalf("a later connection: %v, %v", c, err)
	}
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	if _, err := before.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if n, err := accepted.Read(make([]byte, 1)); n != 1 {
		t.Fatalf("read %d, %v through the filter", n, err)
	}
}

func timeout(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}
