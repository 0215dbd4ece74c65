package worker

import (
	"io"
	"net/http"
	"testing"

	"github.com/rip-server/rip-server/internal/wire"
)

// What a whole request costs a worker without the system calls: the record is
// in memory and the reply goes nowhere.

// forwarded is what the server adds to each request.
const forwarded = "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: localhost:5002\r\n" +
	"X-Request-Id: 0123456789abcdef\r\nX-Request-Start: t=1700000000.123\r\n"

// Requests as wrk, a program and a browser send them.
var requests = []struct {
	name, head string
	allocs     float64 // no more than these
}{
	{"wrk", "GET /ping HTTP/1.1\r\nHost: localhost:5002\r\n" + forwarded + "\r\n", 4},
	{"query", "GET /ping?page=2&sort=new HTTP/1.1\r\nHost: localhost:5002\r\n" + forwarded + "\r\n", 4},
	{"client", "GET /ping HTTP/1.1\r\nHost: localhost:5002\r\n" + client + forwarded + "\r\n", 4},
	{"browser", "GET /ping HTTP/1.1\r\nHost: localhost:5002\r\n" + browser + forwarded + "\r\n", 6},
}

const client = "User-Agent: client/1.0\r\nAccept: application/json\r\nAuthorization: Bearer 0123456789abcdef\r\n"

const browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html,*/*\r\nAccept-Language: en\r\n" +
	"Accept-Encoding: gzip, br\r\nCookie: session=0123456789abcdef\r\n"

// nowhere is a replier that sends nothing.
type nowhere struct{ records }

func (*nowhere) send([]byte, *part) error { return nil }

// inMemory returns a function that has a worker run a request.
func inMemory(head string) (run func() error) {
	const id = 1
	s := &seat{
		row: make([]byte, wire.RowSize), ledger: make([]byte, wire.LedgerSize),
		leave: wire.LedgerLeave, slots: wire.LedgerSlots,
	}
	wire.Store(s.ledger, wire.LedgerLife, 1)
	wire.Store(s.ledger, s.slots, id)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ping", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "pong") })
	w := newWorker(s, App{Handler: mux})
	record := append(make([]byte, wire.RequestPrefix), head...)
	wire.PutRequestPrefix(record, 0, 1, 0, id, len(head))
	to := &nowhere{}
	return func() error { return w.takeRecord(record, to) }
}

func BenchmarkRequest(b *testing.B) {
	for _, request := range requests {
		b.Run(request.name, func(b *testing.B) {
			run := inMemory(request.head)
			b.ReportAllocs()
			for b.Loop() {
				if err := run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestAllocations(t *testing.T) {
	for _, request := range requests {
		run := inMemory(request.head)
		got := testing.AllocsPerRun(1000, func() {
			if err := run(); err != nil {
				t.Fatal(err)
			}
		})
		if got > request.allocs {
			t.Errorf("%s: %v allocations for a request, want at most %v", request.name, got, request.allocs)
		}
	}
}
