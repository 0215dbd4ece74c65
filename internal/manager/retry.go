package manager

import "slices"

// Waiting tells whether a slot waits before it starts a worker again.
func (m *Manager) Waiting() bool { return ask(m, (*loop).waits) }

// Retry lets the slots that wait start at once, and forgets that starts have
// failed. It is for code that workers read as they start, when that has changed:
// other workers go on, and an app of which none is ready may recover. A start
// that is under way may have read the code as it was: when it fails the next one
// follows at once. During a restart it does nothing. When it returns, requests
// wait for the workers that start.
func (m *Manager) Retry() { ask(m, func(l *loop) bool { l.retry(); return true }) }

func (l *loop) waits() bool {
	return !l.stopping && l.roll == nil && slices.ContainsFunc(l.slots, func(s *slot) bool { return s.wait != nil })
}

func (l *loop) retry() {
	if l.stopping || l.roll != nil {
		return
	}
	for w := range l.workers {
		w.before = w.state == Starting
	}
	for _, s := range l.slots {
		if s.failed || s.wait != nil {
			s.forget()
			l.tend(s)
		}
	}
	l.refuse()
}
