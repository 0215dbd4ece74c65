package manager

import "sync"

// message is something for the loop to do. It runs in the loop's goroutine,
// which alone touches the state there.
type message func(*loop)

// mailbox holds messages until the loop takes them. It has no bound, because
// those who send must not block: the loop may be waiting for them.
type mailbox struct {
	wake chan struct{}

	mu   sync.Mutex
	list []message
}

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

func (b *mailbox) put(f message) {
	b.mu.Lock()
	b.list = append(b.list, f)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *mailbox) take() []message {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.list
	b.list = nil
	return list
}
