package workercheck

import (
	"encoding/binary"
	"runtime"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
)

// note looks at a record that the worker wrote, beyond what the shared socket
// does: that one is content with what it can use.
func (h *hand) note(b []byte) {
	r, err := wire.ParseReply(b)
	if err != nil || len(b) > wire.MaxRecord {
		return // the shared socket says so
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if binary.LittleEndian.Uint16(b[2:]) != 0 || binary.LittleEndian.Uint32(b[20:]) != 0 {
		h.fault("bytes of a record that are to be zero (2, 3, 20 to 23) are not")
	}
	if !h.ready && r.Type != wire.TypeReady {
		h.fault("its first record is of type %d and does not say that it is ready", r.Type)
	}
	if r.ID != 0 && uint64(r.Slot) != r.ID%wire.Slots {
		h.fault("a record names the slot %d for a request of slot %d", r.Slot, r.ID%wire.Slots)
	}
	const known = wire.FlagFinal | wire.FlagBroken | wire.FlagSpent
	switch r.Type {
	case wire.TypeReply:
		if r.Flags&^known != 0 {
			h.fault("a reply has the flags %#x, of which %#x mean nothing", r.Flags, r.Flags&^known)
		}
		if r.Flags&wire.FlagFinal == 0 && r.Flags != 0 {
			h.fault("a reply has the flags %#x without the one of a final record", r.Flags)
		}
		if r.Flags&wire.FlagFinal != 0 && r.ID != 0 {
			h.noteFinal(r)
		}
	case wire.TypeGivenBack:
		h.given = append(h.given, r.ID)
		if h.finished[r.ID] {
			h.fault("it gives a request back that it has answered")
		}
		fallthrough
	case wire.TypeReady, wire.TypeReloaded:
		if r.Flags != 0 {
			h.fault("a record of type %d has flags", r.Type)
		}
	}
}

// noteFinal looks at the end of a reply. The worker must still claim the
// request, or have counted it: the record comes first.
func (h *hand) noteFinal(r wire.Reply) {
	h.finals++
	if h.finished[r.ID] {
		h.fault("it answers a request twice")
	}
	h.finished[r.ID] = true
	for _, id := range h.given {
		if id == r.ID {
			h.fault("it answers a request that it has given back")
		}
	}
	if why := implausible(r.Took, r.Finished, r.CPU); why != "" {
		h.fault("a final record says that %s", why)
	}
}

// What times are plausible. Clocks of CPU time may go in ticks, some runtimes
// have threads of their own, and this process reads its clock in another way.
const (
	slack   = 50 * time.Millisecond
	longAgo = time.Hour
)

// implausible returns what is wrong with the times of a request.
func implausible(took, finished, cpu uint64) string {
	now := sharedsocket.Now() + uint64(slack)
	switch {
	case took == 0 || finished == 0:
		return "it does not know when it took or finished the request"
	case took > finished:
		return "it finished the request before it took it"
	case finished > now || now-took > uint64(longAgo):
		return "it took or finished the request at another time than now (ns of CLOCK_MONOTONIC)"
	case cpu > (finished-took)*uint64(runtime.NumCPU())+uint64(slack):
		return "the request cost more CPU time than there was"
	}
	return ""
}
