package manager

// State is what a worker is doing. Why is said by Worker.Reason.
type State int

const (
	Starting State = iota // its process is being made, or loads the app
	Ready                 // takes requests
	Draining              // takes nothing more; ends what it holds, or waits for its replacement
	Gone                  // has no process
)

func (s State) String() string {
	return [...]string{"starting", "ready", "draining", "gone"}[s]
}

// MarshalText writes the state as its word.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
