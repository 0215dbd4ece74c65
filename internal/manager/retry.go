package manager

import "slices"

// Waiting tells whether a slot waits before it starts a worker again.
func (m *Manager) Waiting() bool { return ask(m, (*loop).waits) }

// Retry lets the slots that wait start at once, and forgets that starts have
// failed. It is for code that workers read as they start, when that has changed:
// other workers go on, and an app of which none is ready may recover. During a
// restart it does nothing.
func (m *Manager) Retry() { m.send((*loop).retry) }

func (l *loop) waits() bool {
	return !l.stopping && l.roll == nil && slices.ContainsFunc(l.slots, func(s *slot) bool { return s.wait != nil })
}

func (l *loop) retry() {
	if l.stopping || l.roll != nil {
		return
	}
	for _, s := range l.slots {
		if s.failed || s.wait != nil {
			s.forget()
			l.tend(s)
		}
	}
	l.refuse()
}
