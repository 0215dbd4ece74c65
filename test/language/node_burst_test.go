package language

import (
	"fmt"
	"sync"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// A worker that takes one request after the other while more wait has first run
// what the last one left to do at once, and in the end all that it left for later.
func TestNodeBurst(t *testing.T) {
	s := startNode(t, map[string]string{"server.js": `
		let begun = 0, ticks = 0, promises = 0, timers = 0, immediates = 0, early = 0
		require('http').createServer((req, res) => {
			if (req.url === '/said') return res.end([early, begun, timers, immediates].join(' '))
			if (ticks !== begun || promises !== begun) early++
			begun++
			process.nextTick(() => ticks++)
			Promise.resolve().then(() => promises++)
			setTimeout(() => timers++, 1)
			setImmediate(() => immediates++)
			res.end()
		}).listen()`})
	const clients, each = 16, 100
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			c, err := s.Dial()
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			for range each {
				if a, err := c.Do(&driver.Request{Target: "/"}); err != nil || a.Status != 200 {
					t.Errorf("got %+v, %v", a, err)
					return
				}
			}
		})
	}
	all.Wait()
	want := fmt.Sprintf("0 %d %[1]d %[1]d", clients*each)
	s.Eventually("all is done", func() error {
		if got := s.Get("/said"); got != want {
			return fmt.Errorf("early, begun, timers and immediates are %s, want %s", got, want)
		}
		return nil
	})
}
