package sharedsocket

import (
	"bytes"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/wire"
)

func TestFourNumbers(t *testing.T) {
	for text, want := range map[string][4]uint64{
		"1 2 3 4":                     {1, 2, 3, 4},
		"0 0 0 0":                     {},
		"12 1234567890123456789 3 45": {12, 1234567890123456789, 3, 45},
		"007 0000000000000000001 2 1": {7, 1, 2, 1},
		"1 2 3 9999999999999999999":   {1, 2, 3, 9999999999999999999},
	} {
		if n, ok := fourNumbers([]byte(text)); !ok || n != want {
			t.Errorf("%q: got %v, %v", text, n, ok)
		}
	}
	for _, text := range []string{"", "1", "1 2 3", "1 2 3 ", "1 2 3 4 ", "1 2 3 4 5", " 1 2 3 4", "1  2 3 4", "1 2 3 x", "1 2 -3 4", "1 2 3 12345678901234567890"} {
		if n, ok := fourNumbers([]byte(text)); ok {
			t.Errorf("%q: got %v", text, n)
		}
	}
}

// Who closes the connection in the middle of a head, or behind an interim one,
// has run the request.
func TestBrokenHead(t *testing.T) {
	for name, begun := range map[string]string{
		"in the middle":     "HTTP/1.1 200 OK\r\nContent-",
		"behind an interim": "HTTP/1.1 103 Early Hints\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, Config{Type: Stream, Path: filepath.Join(t.TempDir(), "s")})
			seat, err := s.Join(1, func(Event) {})
			if err != nil {
				t.Fatal(err)
			}
			ran := make(chan int)
			go func() { ran <- breakOff(s, seat, begun) }()
			c := submit(t, s, "ok").wait(t)
			_ = unix.Shutdown(s.workers, unix.SHUT_RDWR)
			if n := <-ran; n != 1 || c.err == nil {
				t.Errorf("ran %d times, error %v", n, c.err)
			}
			seat.Started()
			seat.Gone()
			<-seat.Resolved()
		})
	}
}

// breakOff plays a worker that answers every request with these bytes alone. It
// returns how many it has run when the socket is shut down.
func breakOff(s *Socket, seat *Seat, answer string) (ran int) {
	row, buf := seat.row.mem, make([]byte, 4<<10)
	for {
		fd, _, err := unix.Accept(s.workers)
		if err != nil {
			return ran
		}
		n, _ := unix.Read(fd, buf)
		var r http1.Request
		_, _ = r.Parse(buf[:n], http1.Limits{})
		if words := bytes.Fields(r.Value(http1.FieldRipRequest)); len(words) == 3 {
			id, _ := strconv.ParseUint(string(words[2]), 10, 64)
			wire.Store(row, wire.RowClaim, id)
			if wire.Load(s.ledger.mem, wire.SlotOffset(uint32(id%wire.Slots))) == id {
				ran++
				_, _ = unix.Write(fd, []byte(answer))
				wire.Store(row, wire.RowDone, wire.Load(row, wire.RowDone)+1)
			}
			wire.Store(row, wire.RowClaim, 0)
		}
		unix.Close(fd)
	}
}
