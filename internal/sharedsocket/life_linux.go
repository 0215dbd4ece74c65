package sharedsocket

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// life lets workers see in the ledger that the server has died, for which they
// would otherwise make a system call per request. It is what robust mutexes are
// made from (set_robust_list(2), get_robust_list(2)): a thread tells the kernel
// of a word that holds its id, and when the thread ends, however that comes
// about, the kernel sets FUTEX_OWNER_DIED in the word. That happens before the
// descriptors of the process are closed, so nobody sees the socket end before.
type life struct {
	head struct { // struct robust_list_head
		next    unsafe.Pointer // to entry.next
		offset  int            // from an entry to its word
		pending unsafe.Pointer
	}
	entry struct{ next unsafe.Pointer } // struct robust_list; the list is a ring
	end   chan struct{}
	ended chan struct{}
}

// begin starts the thread for a mapped ledger. Where the kernel does not have
// it the word stays 0, and workers ask the socket.
func begin(ledger []byte) *life {
	l := &life{end: make(chan struct{}), ended: make(chan struct{})}
	begun := make(chan struct{})
	go l.live(ledger, begun)
	<-begun
	return l
}

func (l *life) live(ledger []byte, begun chan<- struct{}) {
	defer close(l.ended)
	runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
	// The kernel keeps these addresses. They stay: l is not on a stack, and
	// whoever called begin has it.
	l.head.next = unsafe.Pointer(&l.entry)
	l.head.offset = int(uintptr(unsafe.Pointer(&ledger[wire.LedgerLife])) - uintptr(unsafe.Pointer(&l.entry)))
	l.entry.next = unsafe.Pointer(&l.head)
	if l.announce() {
		wire.Store(ledger, wire.LedgerLife, uint64(unix.Gettid()))
	}
	close(begun)
	<-l.end
	wire.Store(ledger, wire.LedgerLife, wire.LifeOver)
	l.head.next = unsafe.Pointer(&l.head)
	l.announce()
	runtime.KeepAlive(l)
}

func (l *life) announce() bool {
	_, _, errno := unix.RawSyscall(unix.SYS_SET_ROBUST_LIST, uintptr(unsafe.Pointer(&l.head)), unsafe.Sizeof(l.head), 0)
	return errno == 0
}

// over is the end of the server as workers see it. The ledger can be unmapped
// then.
func (l *life) over() {
	close(l.end)
	<-l.ended
}
