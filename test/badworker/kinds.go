package main

import (
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// kinds are the ways to misbehave. Some do no harm: the pages are sealed, and the
// server makes the socket block again.
var kinds = map[string]func(){
	"nonsense":      func() { write([]byte("nonsense")) },
	"unknown-id":    func() { reply(1<<40, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", "stolen") },
	"no-id":         func() { reply(0, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", "stolen") },
	"headless":      func() { reply(claim(), "", "body") },
	"nonsense-head": func() { reply(claim(), "nonsense\r\n\r\n", "body") },
	"two-replies": func() {
		id := claim()
		reply(id, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "first")
		reply(id, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", "second")
	},
	"ready-twice":  sayReady,
	"hide":         func() { wire.Store(row(), wire.RowClaim, 0) },
	"miscount":     func() { wire.Store(row(), wire.RowDone, 1<<40) },
	"non-blocking": func() { must(unix.SetNonblock(wire.FDRequests, true)) },
	"shutdown":     func() { must(unix.Shutdown(wire.FDRequests, unix.SHUT_RDWR)) },
	"truncate": func() {
		_ = unix.Ftruncate(wire.FDRow, 0)
		_ = unix.Ftruncate(wire.FDLedger, 0)
	},
	"close": func() { must(unix.Close(wire.FDReplies)) },
	"grandchild": func() {
		cmd := exec.Command("sleep", "300")
		cmd.ExtraFiles = []*os.File{os.NewFile(wire.FDRequests, "requests"), os.NewFile(wire.FDReplies, "replies")}
		cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true} // out of reach of a signal to the group
		must(cmd.Start())
		os.Exit(1)
	},
}

// lies are ways to misbehave that begin when the server has seen the claim, and
// concern what others do.
var lies = map[string]func(){
	"let-go":        func() { wire.Store(row(), wire.RowClaim, 0) },
	"claim-unknown": func() { wire.Store(row(), wire.RowClaim, 1<<40) },
	"claim-other":   func() { wire.Store(row(), wire.RowClaim, another()) },
	"claim-others": func() {
		for {
			wire.Store(row(), wire.RowClaim, another())
		}
	},
	"steal":           func() { steal(another()) },
	"scribble":        scribble,
	"scribble-beside": func() { go scribble() },
	"claim-idle": func() {
		go func() {
			for ; ; time.Sleep(time.Millisecond) {
				if claim() == 0 {
					wire.Store(row(), wire.RowClaim, 1<<40)
				}
			}
		}()
	},
}

// scribble fills the row with random numbers without end.
func scribble() {
	for {
		for at := 0; at < wire.RowSize; at += 8 {
			wire.Store(row(), at, rand.Uint64())
		}
	}
}

// steal replies to a request of somebody else.
func steal(id uint64) { reply(id, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", "stolen") }

// another waits until the ledger wants another request than the one that runs
// here, and returns its id. Whether a worker has claimed it cannot be told.
func another() uint64 {
	for own := claim(); ; time.Sleep(time.Millisecond) {
		for slot := range uint32(wire.Slots) {
			if id := wire.Load(ledger(), wire.SlotOffset(slot)); id != 0 && id != own && id&wire.Cancelled == 0 {
				return id
			}
		}
	}
}

func sayReady() {
	b := make([]byte, wire.ReplyPrefix)
	(&wire.Reply{Type: wire.TypeReady}).Put(b, 0)
	write(b)
}

// write writes a record.
func write(record []byte) {
	_, err := unix.Write(wire.FDReplies, record)
	must(err)
}

// reply writes a whole reply in one record.
func reply(id uint64, head, body string) {
	b := make([]byte, wire.ReplyPrefix, wire.MaxRecord)
	r := wire.Reply{Type: wire.TypeReply, Flags: wire.FlagFinal, ID: id, Slot: uint32(id % wire.Slots)}
	r.Put(b, len(head))
	write(append(append(b, head...), body...))
}

var row = sync.OnceValue(func() []byte {
	mem, err := unix.Mmap(wire.FDRow, 0, wire.RowSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	must(err)
	return mem
})

var ledger = sync.OnceValue(func() []byte {
	mem, err := unix.Mmap(wire.FDLedger, 0, wire.LedgerSize, unix.PROT_READ, unix.MAP_SHARED)
	must(err)
	return mem
})

func claim() uint64 { return wire.Load(row(), wire.RowClaim) }

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
