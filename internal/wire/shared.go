package wire

import (
	"sync/atomic"
	"unsafe"
)

// Sizes and offsets of the two shared pages, in bytes.
const (
	RowSize = 4096

	RowClaim   = 0  // id of the request that the worker runs, 0 = none
	RowDone    = 8  // requests run so far
	RowReloads = 16 // reloads in the worker so far
	RowCode    = 24 // version of the code it runs, as it counts them
	RowLast    = 32 // id of the request that it finished last; may be left 0, tags what it printed meanwhile

	LedgerLife  = 0                         // while the server lives a number below LifeOver; 0 = it cannot be known from here
	LedgerMeter = 8                         // 1 = somebody reads what CPU time each request cost, so it is to be exact
	LedgerLeave = 64                        // leave word of seat 0; 1 = leave
	LedgerSlots = LedgerLeave + 8*nearSeats // word of slot 0: the id wanted, see Cancelled; 0 = none
	LedgerRest  = LedgerSlots + 8*Slots     // leave word of seat nearSeats
	LedgerSize  = LedgerRest + 8*(Seats-nearSeats)

	Seats = 1024 // workers of an app at one time, old and new generations together
	Slots = 8192 // requests in flight at one time
)

// LifeOver is set in the word LedgerLife when the server has ended or died: the
// request that a worker finds then must not be run. (It is FUTEX_OWNER_DIED of
// futex(2); the number is the id of a thread.)
const LifeOver = 1 << 30

// Cancelled marks a wanted id in the ledger whose client is gone: a worker
// that already runs it may stop early, nobody begins it.
const Cancelled = 1 << 63

// nearSeats is how many leave words lie in front of the slots. A worker that
// cannot map the ledger then reads all that it looks at in one short piece.
const nearSeats = 56

// LeaveOffset returns the byte offset of the leave word of a seat.
func LeaveOffset(seat int) int {
	if seat < nearSeats {
		return LedgerLeave + 8*seat
	}
	return LedgerRest + 8*(seat-nearSeats)
}

// SlotOffset returns the byte offset of the word of a slot.
func SlotOffset(slot uint32) int { return LedgerSlots + 8*int(slot) }

// Load reads the word at an offset of a mapped row or ledger. It is a
// sequentially consistent load.
func Load(mem []byte, offset int) uint64 { return atomic.LoadUint64(word(mem, offset)) }

// Store writes the word at an offset of a mapped row or ledger. It is a
// sequentially consistent store, and so a full barrier between a claim and
// the look that follows it.
func Store(mem []byte, offset int, v uint64) { atomic.StoreUint64(word(mem, offset), v) }

func word(mem []byte, offset int) *uint64 {
	_ = mem[offset+7]
	return (*uint64)(unsafe.Pointer(&mem[offset]))
}
