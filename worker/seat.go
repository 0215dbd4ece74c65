package worker

import (
	"fmt"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/rip-server/rip-server/internal/wire"
)

// seat is the worker's place at the server: its number, its limits, its row
// and the ledger.
type seat struct {
	requests int // the shared socket
	replies  int
	number   int
	stream   bool
	max      uint64   // requests until it is spent, 0 = no end
	hot      bool     // changed code comes in with the next request
	reloads  uint64   // until it is spent, 0 = no end
	sendfile []string // folders whose files the server may send, without symbolic links

	row    []byte
	ledger []byte
	leave  int // offset of the leave word in the ledger
	slots  int // offset of slot 0 in the ledger
}

// takeSeat reads the variables and maps the memory that the server left for
// this process.
func takeSeat(getenv func(string) string) (*seat, error) {
	for fd := wire.FDRequests; fd <= wire.FDLedger; fd++ {
		syscall.CloseOnExec(fd)
	}
	if v := getenv(wire.EnvProtocol); v != strconv.Itoa(wire.Version) {
		return nil, fmt.Errorf("%s is %q, this program speaks version %d", wire.EnvProtocol, v, wire.Version)
	}
	s := &seat{requests: wire.FDRequests, replies: wire.FDReplies}
	switch v := getenv(wire.EnvSocket); v {
	case "stream":
		s.stream = true
	case "seqpacket":
	default:
		return nil, fmt.Errorf("%s is %q, not seqpacket or stream", wire.EnvSocket, v)
	}
	var maximum, reloads int
	for name, to := range map[string]*int{
		wire.EnvWorker:      &s.number,
		wire.EnvLeave:       &s.leave,
		wire.EnvSlots:       &s.slots,
		wire.EnvMaxRequests: &maximum,
		wire.EnvMaxReloads:  &reloads,
	} {
		v := getenv(name)
		if v == "" && (name == wire.EnvMaxRequests || name == wire.EnvMaxReloads) {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%s is %q, not a number", name, v)
		}
		*to = n
	}
	s.max, s.reloads = uint64(maximum), uint64(reloads)
	s.hot = getenv(wire.EnvHotReload) == "module"
	s.sendfile = realFolders(filepath.SplitList(getenv(envSendfile)))
	var err error
	if s.row, err = mapFile(wire.FDRow, syscall.PROT_READ|syscall.PROT_WRITE); err != nil {
		return nil, fmt.Errorf("map the row: %w", err)
	}
	if s.ledger, err = mapFile(wire.FDLedger, syscall.PROT_READ); err != nil {
		return nil, fmt.Errorf("map the ledger: %w", err)
	}
	if len(s.row) < wire.RowLast+8 || len(s.ledger) < max(s.leave, s.slots)+8 || s.leave%8+s.slots%8 != 0 {
		return nil, fmt.Errorf("row of %d and ledger of %d bytes do not fit the variables", len(s.row), len(s.ledger))
	}
	return s, nil
}

// mapFile maps all of a file.
func mapFile(fd, protection int) ([]byte, error) {
	var stat syscall.Stat_t
	if err := syscall.Fstat(fd, &stat); err != nil {
		return nil, err
	}
	return syscall.Mmap(fd, 0, int(stat.Size), protection, syscall.MAP_SHARED)
}

// claim writes the id of the request that the worker runs, 0 for none. The
// store is a full barrier.
func (s *seat) claim(id uint64) { wire.Store(s.row, wire.RowClaim, id) }

// finished writes how many requests the worker has run, and which was the
// last, and clears the claim, in this order.
func (s *seat) finished(n uint64) {
	wire.Store(s.row, wire.RowDone, n)
	wire.Store(s.row, wire.RowLast, wire.Load(s.row, wire.RowClaim))
	s.claim(0)
}

// loaded writes how often the worker has loaded its code again.
func (s *seat) loaded(n uint64) {
	wire.Store(s.row, wire.RowReloads, n)
	wire.Store(s.row, wire.RowCode, n+1)
}

// serverGone reports whether the server has ended or died. What was still in
// the queue must not be run then.
func (s *seat) serverGone() bool {
	if life := wire.Load(s.ledger, wire.LedgerLife); life != 0 {
		return life&wire.LifeOver != 0
	}
	return hungUp(s.replies)
}

// metered reports whether somebody reads what CPU time each request cost.
func (s *seat) metered() bool { return wire.Load(s.ledger, wire.LedgerMeter) != 0 }

// leaving reports whether the server wants this worker to take nothing more.
func (s *seat) leaving() bool { return wire.Load(s.ledger, s.leave) != 0 }

// wanted reports whether the request is still to be run.
func (s *seat) wanted(slot uint32, id uint64) bool {
	at := s.slots + 8*int(slot)
	return id != 0 && at+8 <= len(s.ledger) && wire.Load(s.ledger, at) == id
}

// cancelled reports whether the client of a request that this worker runs has
// gone.
func (s *seat) cancelled(slot uint32, id uint64) bool {
	return s.wanted(slot, id|wire.Cancelled)
}
