package sharedsocket

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// The test binary plays the worker: a bare loop over the protocol that does
// what the body of a request says.
func TestMain(m *testing.M) {
	if os.Getenv(wire.EnvProtocol) != "" {
		playWorker()
	}
	os.Exit(m.Run())
}

func playWorker() {
	row, err := unix.Mmap(wire.FDRow, 0, wire.RowSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	ledger, err := unix.Mmap(wire.FDLedger, 0, wire.LedgerSize, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	leave, _ := strconv.Atoi(os.Getenv(wire.EnvLeave))
	word := make(chan os.Signal, 1)
	signal.Notify(word, goOn)
	put(wire.Reply{Type: wire.TypeReady}, "", "")
	buf := make([]byte, wire.MaxRecord)
	for {
		n, err := syscall.Read(wire.FDRequests, buf)
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			os.Exit(0)
		}
		r, err := wire.ParseRequest(buf[:n])
		if err != nil {
			panic(err)
		}
		what, arg, _ := strings.Cut(string(r.Rest), " ")
		if what == "die-unclaimed" && r.Attempt == 1 {
			os.Exit(1)
		}
		wire.Store(row, wire.RowClaim, r.ID)
		if what == "wait-claimed" && r.Attempt == 1 {
			<-word
		}
		if wire.Load(ledger, wire.SlotOffset(r.Slot)) != r.ID || wire.Load(ledger, leave) != 0 {
			if what == "die-looking" {
				os.Exit(1)
			}
			wire.Store(row, wire.RowClaim, 0)
			put(wire.Reply{Type: wire.TypeGivenBack, Slot: r.Slot, ID: r.ID}, "", "")
			if what == "wait-claimed" && r.Attempt == 1 { // later ones may be asked after just before their claim
				os.Exit(0)
			}
			continue
		}
		wire.Store(row, wire.RowCode, r.ID)
		runBadly(r, what, row, ledger, leave, word)
		run(r, what, arg)
		wire.Store(row, wire.RowDone, wire.Load(row, wire.RowDone)+1)
		wire.Store(row, wire.RowClaim, 0)
	}
}

func run(r wire.Request, what, arg string) {
	const head = "HTTP/1.1 200 OK\r\n\r\n"
	answer := wire.Reply{Type: wire.TypeReply, Flags: wire.FlagFinal, Slot: r.Slot, ID: r.ID}
	part := wire.Reply{Type: wire.TypeReply, Slot: r.Slot, ID: r.ID}
	switch what {
	case "die":
		os.Exit(1)
	case "hang":
		select {}
	case "sleep":
		ms, _ := strconv.Atoi(arg)
		time.Sleep(time.Duration(ms) * time.Millisecond)
	case "parts":
		n, _ := strconv.Atoi(arg)
		put(part, head, "")
		for range n {
			put(part, "", strings.Repeat("x", 1000))
		}
		put(answer, "", "")
		return
	case "half":
		put(part, head, "half of it")
		os.Exit(1)
	case "answer-and-hang":
		put(answer, head, "pid "+strconv.Itoa(os.Getpid()))
		select {}
	case "twice":
		put(answer, head, "one")
	case "wrong-id":
		answer.ID += wire.Slots
		put(answer, head, "")
		select {}
	case "headless":
		put(answer, "", "pong")
		return
	case "nonsense":
		_, _ = syscall.Write(wire.FDReplies, []byte("nonsense"))
	case "ready-twice":
		put(wire.Reply{Type: wire.TypeReady}, "", "")
	case "close-replies":
		syscall.Close(wire.FDReplies)
		select {}
	case "shutdown":
		_ = syscall.Shutdown(wire.FDRequests, syscall.SHUT_RDWR)
	case "unblock":
		_ = syscall.SetNonblock(wire.FDRequests, true)
	case "spent":
		answer.Flags |= wire.FlagSpent
		put(answer, head, "spent")
		select {}
	}
	put(answer, head, "pid "+strconv.Itoa(os.Getpid()))
}

func put(r wire.Reply, head, body string) {
	b := make([]byte, wire.ReplyPrefix, wire.ReplyPrefix+len(head)+len(body))
	r.Put(b, len(head))
	b = append(append(b, head...), body...)
	if _, err := syscall.Write(wire.FDReplies, b); err != nil {
		os.Exit(0)
	}
}

// hand is a worker process of a test.
type hand struct {
	seat   *Seat
	cmd    *exec.Cmd
	events chan Event
	dead   chan struct{}
}

func hire(t *testing.T, s *Socket, number int) *hand {
	t.Helper()
	h := &hand{events: make(chan Event, 100), dead: make(chan struct{})}
	seat, err := s.Join(number, func(e Event) { h.events <- e })
	if err != nil {
		t.Fatal(err)
	}
	h.seat = seat
	h.cmd = exec.Command(os.Args[0])
	h.cmd.Env = append(os.Environ(), seat.Env()...)
	h.cmd.ExtraFiles = seat.Files()
	h.cmd.Stderr = os.Stderr
	err = h.cmd.Start()
	seat.Started()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = h.cmd.Wait()
		seat.Gone()
		close(h.dead)
	}()
	t.Cleanup(func() {
		_ = h.cmd.Process.Kill()
		<-h.dead
		<-seat.Resolved()
	})
	h.expect(t, EventReady)
	return h
}

func (h *hand) expect(t *testing.T, kind EventKind) Event {
	t.Helper()
	for {
		select {
		case e := <-h.events:
			if e.Kind == kind {
				return e
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("worker %d sent no event %q", h.seat.number, kind)
		}
	}
}

// goOn is what a worker that plays a part waits for.
const goOn = syscall.SIGUSR1

// runs waits until the worker runs a request. A claim alone is not that: it may
// still be given back.
func (h *hand) runs(t *testing.T) {
	t.Helper()
	eventually(t, "a request runs", func() bool { code := h.seat.Code(); return code != 0 && code == h.seat.word(wire.RowClaim) })
}

// goOnWhenSeen lets the worker go on once the server has noted that it claims c.
func (h *hand) goOnWhenSeen(t *testing.T, c *call) {
	t.Helper()
	eventually(t, "the claim is seen", func() bool {
		h.seat.s.mu.Lock()
		defer h.seat.s.mu.Unlock()
		return c.x.claimant == h.seat
	})
	h.goOn(t)
}

func (h *hand) goOn(t *testing.T) {
	t.Helper()
	if err := h.cmd.Process.Signal(goOn); err != nil {
		t.Fatal(err)
	}
}

func (h *hand) pid() string { return "pid " + strconv.Itoa(h.cmd.Process.Pid) }

// call is a request of a test and its reply.
type call struct {
	x    Exchange
	body bytes.Buffer
	head string
	err  error
	done chan struct{}
	stop chan struct{} // when set, returned from Take until it is closed
	part chan struct{} // one for every part that is not the last, when set
}

func (c *call) Take(r Reply) <-chan struct{} {
	c.head += string(r.Head)
	c.body.Write(r.Body)
	if r.Final {
		c.err = r.Err
		close(c.done)
		return nil
	}
	if c.part != nil {
		c.part <- struct{}{}
	}
	if c.stop != nil {
		return c.stop
	}
	return nil
}

func newCall(body string) *call {
	c := &call{done: make(chan struct{})}
	head := fmt.Sprintf("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", len(body))
	c.x = Exchange{Head: len(head), Label: "label of " + body, Sink: c}
	c.x.Record = append(append(make([]byte, wire.RequestPrefix), head...), body...)
	return c
}

func submit(t *testing.T, s *Socket, body string) *call {
	t.Helper()
	c := newCall(body)
	if err := s.Submit(&c.x); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *call) wait(t *testing.T) *call {
	t.Helper()
	select {
	case <-c.done:
	case <-time.After(20 * time.Second):
		t.Fatalf("%q got no final reply", c.x.Label)
	}
	return c
}

func (c *call) want(t *testing.T, body string, err error) {
	t.Helper()
	c.wait(t)
	if err == nil && c.err != nil || err != nil && !isErr(c.err, err) {
		t.Errorf("%q ended with error %v, want %v", c.x.Label, c.err, err)
	}
	if c.body.String() != body {
		t.Errorf("%q got body %q, want %q", c.x.Label, c.body.String(), body)
	}
}
