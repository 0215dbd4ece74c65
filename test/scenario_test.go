package test

import (
	"testing"
	"time"

	"github.com/rip-server/rip-server/test/driver"
)

// still keeps a server from replacing its workers by itself, as it does when the
// program of the app was built a moment ago.
const still = "--hot-reload=none"

// scenario runs a scenario with the lab app on both socket types.
func scenario(t *testing.T, run func(*testing.T, driver.Options)) {
	bothSockets(t, func(t *testing.T, socket string) {
		run(t, driver.Options{App: driver.Program(t, "examples/lab"), Socket: socket, Args: []string{still}})
	})
}

// smallBuffer is scenario, and then once more with the send buffer that a
// server without privileges gets.
func smallBuffer(t *testing.T, run func(*testing.T, driver.Options)) {
	scenario(t, run)
	t.Run("small buffer", func(t *testing.T) {
		run(t, driver.Options{
			App: driver.Program(t, "examples/lab"), Socket: "seqpacket", Args: []string{still, "--send-buffer=212992"},
		})
	})
}

// recovered waits until the server is healthy again and says how long that
// took; then it must serve as ever.
func recovered(t *testing.T, s *driver.Server) {
	t.Helper()
	began := time.Now()
	s.AwaitHealthy()
	t.Logf("healthy %v after the cause was gone", time.Since(began))
	s.Judge(s.Load(driver.Plain(4, 100)).Wait())
	s.Settled()
}
