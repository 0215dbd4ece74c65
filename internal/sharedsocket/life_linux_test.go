package sharedsocket

import (
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

func TestLife(t *testing.T) {
	ledger, err := newPage("ledger", wire.LedgerSize)
	if err != nil {
		t.Fatal(err)
	}
	defer ledger.close()
	word := func() uint64 { return wire.Load(ledger.mem, wire.LedgerLife) }
	l := begin(ledger.mem)
	if w := word(); w == 0 || w >= wire.LifeOver {
		t.Errorf("the word of a server that lives is %#x", w)
	}
	l.over()
	if word() != wire.LifeOver {
		t.Errorf("the word of a server that has ended is %#x", word())
	}

	// A thread that just ends, as all do when the process is killed.
	wire.Store(ledger.mem, wire.LedgerLife, 0)
	l = &life{}
	begun := make(chan int)
	go func() {
		runtime.LockOSThread()
		l.head.next = unsafe.Pointer(&l.entry)
		l.head.offset = int(uintptr(unsafe.Pointer(&ledger.mem[wire.LedgerLife])) - uintptr(unsafe.Pointer(&l.entry)))
		l.entry.next = unsafe.Pointer(&l.head)
		if !l.announce() {
			t.Error("set_robust_list failed")
		}
		wire.Store(ledger.mem, wire.LedgerLife, uint64(unix.Gettid()))
		begun <- unix.Gettid()
	}()
	tid := uint64(<-begun)
	for deadline := time.Now().Add(20 * time.Second); word()&wire.LifeOver == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the thread %d has ended and the word is %#x", tid, word())
		}
	}
	runtime.KeepAlive(l)
}
