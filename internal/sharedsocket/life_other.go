//go:build !linux

package sharedsocket

// life is known on Linux only; elsewhere workers ask the socket.
type life struct{}

func begin([]byte) *life { return &life{} }

func (*life) over() {}
