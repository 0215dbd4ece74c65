//go:build linux

package worker

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// The benchmarks run a worker in this process over real sockets. Requests are
// kept in flight as under load, so that ns/op is what a worker needs for one
// (and what this side needs to send it and take the reply); allocs/op are the
// worker's alone.

func BenchmarkPing(b *testing.B) {
	pong := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "pong") })
	for _, window := range []int{1, 16} {
		b.Run(fmt.Sprintf("inflight=%d", window), func(b *testing.B) { benchmark(b, pong, window, browser, "") })
	}
}

func BenchmarkPost(b *testing.B) {
	copies := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.Copy(w, r.Body)
	})
	benchmark(b, copies, 16, browser, strings.Repeat("x", 1000))
}

// Handlers of real apps wait for goroutines: database/sql and http.Client have
// them.
func BenchmarkGoroutines(b *testing.B) {
	benchmark(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := make(chan int)
		go func() {
			for n := range c {
				c <- n
			}
		}()
		for n := range 10 {
			c <- n
			<-c
		}
		close(c)
		io.WriteString(w, "pong")
	}), 16, browser, "")
}

func benchmark(b *testing.B, handler http.Handler, window int, fields, body string) {
	shared := must(unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0))
	replies := must(unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0))
	s := &seat{
		requests: shared[1], replies: replies[1],
		row: make([]byte, wire.RowSize), ledger: make([]byte, wire.LedgerSize),
		leave: wire.LedgerLeave, slots: wire.LedgerSlots,
	}
	const id = 1
	wire.Store(s.ledger, s.slots, id)
	w := newWorker(s, App{Handler: handler})
	go w.work()
	in := make([]byte, wire.MaxRecord)
	_ = must(unix.Read(replies[0], in)) // ready

	head := "GET /ping HTTP/1.1\r\nHost: localhost:5002\r\n" + fields + forwarded
	if body != "" {
		head = "POST" + strings.TrimPrefix(head, "GET") + fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	head += "\r\n"
	record := append(append(make([]byte, wire.RequestPrefix), head...), body...)
	wire.PutRequestPrefix(record, 0, 1, 0, id, len(head))
	send := func() {
		if _, err := unix.Write(shared[0], record); err != nil {
			b.Fatal(err)
		}
	}
	for range window - 1 {
		send()
	}
	b.ReportAllocs()
	for b.Loop() {
		send()
		if _, err := unix.Read(replies[0], in); err != nil {
			b.Fatal(err)
		}
	}
	unix.Close(shared[0])
	if err := <-w.over; err != nil {
		b.Fatal(err)
	}
	for _, fd := range []int{shared[1], replies[0], replies[1]} {
		unix.Close(fd)
	}
}
