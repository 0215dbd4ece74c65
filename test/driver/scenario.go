package driver

import "testing"

// BothSockets runs a test once for each type of shared socket.
func BothSockets(t *testing.T, test func(t *testing.T, socket string)) {
	for _, socket := range []string{"seqpacket", "stream"} {
		t.Run(socket, func(t *testing.T) { test(t, socket) })
	}
}

// Still keeps a server from replacing its workers by itself, as it does when the
// program of the app was built a moment ago.
const Still = "--hot-reload=none"

// Scenario runs a scenario with the lab app on both socket types.
func Scenario(t *testing.T, run func(*testing.T, Options)) {
	BothSockets(t, func(t *testing.T, socket string) {
		run(t, Options{App: Program(t, "examples/lab"), Socket: socket, Args: []string{Still}})
	})
}

// SmallBuffer is Scenario, and then once more with the send buffer that a
// server without privileges gets.
func SmallBuffer(t *testing.T, run func(*testing.T, Options)) {
	Scenario(t, run)
	t.Run("small buffer", func(t *testing.T) {
		run(t, Options{
			App: Program(t, "examples/lab"), Socket: "seqpacket", Args: []string{Still, "--send-buffer=212992"},
		})
	})
}
