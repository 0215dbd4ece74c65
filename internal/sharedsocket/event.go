package sharedsocket

// Event is something that a worker did which its manager has to know.
type Event struct {
	Kind   EventKind
	Reason string // EventMisbehaved: what it did; EventReloaded: the error, "" = none
	Label  string // EventHung: of the request it holds
}

// EventKind is the kind of an Event.
type EventKind int

const (
	EventReady      EventKind = iota // the app is loaded
	EventSpent                       // it takes nothing more and waits for SIGTERM
	EventHung                        // it holds a request beyond the request timeout; if that was not answered before, the client has its 504; leave is set
	EventMisbehaved                  // it broke the protocol and must be killed
	EventReloaded                    // it loaded its code again, or tried to
	EventSuspect                     // it may hold a request that it does not claim: it must be replaced, and may be in order
)

func (k EventKind) String() string {
	return [...]string{"ready", "spent", "hung", "misbehaved", "reloaded", "suspect"}[k]
}
