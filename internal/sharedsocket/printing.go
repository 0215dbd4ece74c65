package sharedsocket

import (
	"strings"

	"github.com/rip-server/rip-server/internal/wire"
)

// Printed is how the request that a worker printed during is told apart from
// the next one: before a request counts as finished, unread is asked whether
// something that the worker printed has not been read, and if so read is called
// with the label of the request. It is called before the worker starts, if at all.
func (t *Seat) Printed(unread func() bool, read func(label string)) {
	t.printed.Store(&printed{unread, read})
}

type printed struct {
	unread func() bool
	read   func(label string)
}

// Printing returns the label of the request that what a worker just printed
// belongs to, "" when it runs none.
func (t *Seat) Printing() string {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.row.mem != nil {
		// Until its final record is dealt with, a finished request is in flight.
		if x := t.s.find(wire.Load(t.row.mem, wire.RowLast)); x != nil {
			return strings.Clone(x.Label)
		}
	}
	if x := t.s.holder(t); x != nil {
		return strings.Clone(x.Label)
	}
	return ""
}
