package workercheck

import (
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// envFault names what a worker of these tests does wrong; see rawWorker.
const envFault = "WORKERCHECK_TEST_FAULT"

// rawWorker is a worker for seqpacket with nothing around it, so that it can
// break each rule alone.
type rawWorker struct {
	fault       string
	row, ledger []byte
	leave       int
	limit, done uint64
	running     atomic.Bool
	term        atomic.Bool
}

func playRaw(fault string) {
	w := rawWorker{fault: fault}
	if w.is("silent") {
		select {}
	}
	if !w.is("inherits") {
		for fd := wire.FDRequests; fd <= wire.FDLedger; fd++ {
			unix.CloseOnExec(fd)
		}
	}
	w.row = must(unix.Mmap(wire.FDRow, 0, wire.RowSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED))
	w.ledger = must(unix.Mmap(wire.FDLedger, 0, wire.LedgerSize, unix.PROT_READ, unix.MAP_SHARED))
	w.leave = must(strconv.Atoi(os.Getenv(wire.EnvLeave)))
	w.limit, _ = strconv.ParseUint(os.Getenv(wire.EnvMaxRequests), 10, 64)
	if !w.is("default-sigterm") {
		w.heedTerm()
	}
	w.put(wire.Reply{Type: wire.TypeReady}, "", "")
	if w.is("ready-twice") {
		w.put(wire.Reply{Type: wire.TypeReady}, "", "")
	}
	w.loop()
}

func (w *rawWorker) is(fault string) bool { return w.fault == fault }

func (w *rawWorker) heedTerm() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		for range signals {
			w.term.Store(true)
			if !w.running.Load() && !w.is("ignores-sigterm") {
				os.Exit(0)
			}
		}
	}()
}

func (w *rawWorker) loop() {
	buf := make([]byte, wire.MaxRecord)
	for w.stays() {
		n, err := syscall.Read(wire.FDRequests, buf)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN && !w.is("dies-of-eagain"):
			_, _ = unix.Poll([]unix.PollFd{{Fd: wire.FDRequests, Events: unix.POLLIN}}, -1)
			continue
		case n <= 0 && w.is("outlives-the-server"):
			select {}
		case n <= 0:
			os.Exit(1)
		}
		r := must(wire.ParseRequest(buf[:n]))
		w.running.Store(true)
		w.serve(r)
		w.running.Store(false)
		if w.limit > 0 && w.done >= w.limit && !w.is("never-spent") {
			if w.is("exits-when-spent") {
				os.Exit(0)
			}
			select {} // SIGTERM ends it
		}
	}
	if w.is("bad-status") {
		os.Exit(3)
	}
}

func (w *rawWorker) stays() bool {
	if w.is("ignores-leave") {
		return true
	}
	return wire.Load(w.ledger, w.leave) == 0 && !w.term.Load()
}

func (w *rawWorker) serve(r wire.Request) {
	took := uint64(must(monotonic()))
	if !w.is("no-claim") {
		wire.Store(w.row, wire.RowClaim, r.ID)
	}
	wanted := wire.Load(w.ledger, wire.SlotOffset(r.Slot)) == r.ID || w.is("ignores-the-ledger")
	if !wanted || wire.Load(w.ledger, w.leave) != 0 && !w.is("ignores-leave") {
		wire.Store(w.row, wire.RowClaim, 0)
		if !w.is("keeps-quiet") {
			w.put(wire.Reply{Type: wire.TypeGivenBack, Slot: r.Slot, ID: r.ID}, "", "")
		}
		return
	}
	w.answer(r, took)
	w.done++
	switch {
	case w.is("no-count"):
	case w.is("counts-twice"):
		wire.Store(w.row, wire.RowDone, 2*w.done)
	default:
		wire.Store(w.row, wire.RowDone, w.done)
	}
	if !w.is("keeps-claim") {
		wire.Store(w.row, wire.RowClaim, 0)
	}
}

func (w *rawWorker) answer(r wire.Request, took uint64) {
	body := r.Rest
	if r.Flags&wire.FlagBodyFile != 0 && !w.is("knows-no-files") {
		f := must(os.Open(string(r.Rest)))
		body = must(io.ReadAll(f))
		f.Close()
	}
	line, _, _ := strings.Cut(string(r.Head), "\r\n")
	switch {
	case strings.Contains(line, " /slow"):
		if w.is("lets-go") {
			time.Sleep(100 * time.Millisecond)
			wire.Store(w.row, wire.RowClaim, 0)
		}
		time.Sleep(200 * time.Millisecond)
		if w.is("dies-of-sigterm") && w.term.Load() {
			os.Exit(1)
		}
	case strings.Contains(line, " /large"):
		body = make([]byte, 1<<20)
	case strings.HasPrefix(line, "PURGE") && w.is("knows-few-methods"):
		os.Exit(1)
	}
	if w.is("reads-little") && len(body) > 5000 {
		body = body[:5000]
	}
	length := len(body)
	if w.is("bad-length") {
		length++
	}
	head := "HTTP/1.1 200 OK\r\nContent-Length: " + strconv.Itoa(length) + "\r\n"
	if w.is("chunked") {
		head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
	}
	if w.is("no-head-end") {
		head = strings.TrimSuffix(head, "\r\n")
	}
	head += "\r\n"
	if strings.HasPrefix(line, "HEAD ") {
		body = nil
	}
	w.send(r, took, head, string(body), strings.Contains(line, " /stream"))
}

// send sends a reply in parts.
func (w *rawWorker) send(r wire.Request, took uint64, head, body string, slowly bool) {
	reply := wire.Reply{Type: wire.TypeReply, Slot: r.Slot, ID: r.ID}
	if w.is("bad-slot") {
		reply.Slot++
	}
	if slowly && !w.is("hoards") {
		w.put(reply, "HTTP/1.1 200 OK\r\n\r\n", "first")
		time.Sleep(100 * time.Millisecond)
		head, body = "", "last"
	}
	for len(body) > 60<<10 {
		if !w.is("loses-parts") || head != "" {
			w.put(reply, head, body[:60<<10])
		}
		head, body = "", body[60<<10:]
	}
	reply.Flags, reply.Took, reply.Finished = wire.FlagFinal, took, uint64(must(monotonic()))
	switch {
	case w.is("no-times"):
		reply.Took, reply.Finished = 0, 0
	case w.is("wall-clock"):
		reply.Took, reply.Finished = uint64(time.Now().UnixNano()), uint64(time.Now().UnixNano())
	case w.is("odd-flags"):
		reply.Flags |= 64
	}
	if w.limit > 0 && w.done+1 >= w.limit && !w.is("never-spent") && !w.is("says-no-spent") {
		reply.Flags |= wire.FlagSpent
	}
	w.put(reply, head, body)
}

func (w *rawWorker) put(r wire.Reply, head, body string) {
	b := make([]byte, wire.ReplyPrefix, wire.ReplyPrefix+len(head)+len(body))
	r.Put(b, len(head))
	if w.is("no-zero") {
		b[2] = 1
	}
	if _, err := syscall.Write(wire.FDReplies, append(append(b, head...), body...)); err != nil {
		if w.is("outlives-the-server") {
			select {}
		}
		os.Exit(0)
	}
}

func monotonic() (int64, error) {
	var ts unix.Timespec
	err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts)
	return ts.Nano(), err
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
