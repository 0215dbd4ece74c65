package language

import (
	"fmt"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// A worker that takes one request after the other while more wait has first run
// what the last one left to do at once, and in the end all that it left for later.
func TestNodeBurst(t *testing.T) {
	s := startNode(t, map[string]string{"server.js": fmt.Sprintf(`
		const http = require('http'), { createServer } = http
		let begun = 0, ticks = 0, promises = 0, timers = 0, immediates = 0, early = 0
		http.createServer = (handle) => createServer((req, res) => {
			if (req.url === '/said') return res.end([early, begun, timers, immediates].join(' '))
			if (ticks !== begun || promises !== begun) early++
			begun++
			process.nextTick(() => ticks++)
			Promise.resolve().then(() => promises++)
			setTimeout(() => timers++, 1)
			setImmediate(() => immediates++)
			handle(req, res)
		})
		require(%q)`, labNode(t))})
	const requests = 2000
	s.Judge(s.Load(driver.Plain(32, requests)).Wait())
	want := fmt.Sprintf("0 %d %[1]d %[1]d", requests)
	s.Eventually("all is done", func() error {
		if got := s.Get("/said"); got != want {
			return fmt.Errorf("early, begun, timers and immediates are %s, want %s", got, want)
		}
		return nil
	})
	s.Settled()
}
