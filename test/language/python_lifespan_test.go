package language

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// An ASGI app whose startup fails says why, and what it leaves behind at its
// end is cancelled without a word.
func TestLifespan(t *testing.T) {
	driver.Require(t, "python3")
	const reply = "    await send({'type': 'http.response.start', 'status': 200})\n" +
		"    await send({'type': 'http.response.body', 'body': scope['state']['word'].encode()})\n"
	dir := filepath.Join(t.TempDir(), "app")
	writeTree(t, dir, map[string]string{"app.py": "import asyncio\nasync def app(scope, receive, send):\n" +
		"    if scope['type'] == 'lifespan':\n        await receive()\n        scope['state']['word'] = 'tea'\n" +
		"        app.task = asyncio.create_task(asyncio.sleep(3600))\n" +
		"        await send({'type': 'lifespan.startup.complete'})\n        await receive()\n" +
		"        await send({'type': 'lifespan.shutdown.complete'})\n        print('the end')\n        return\n" + reply})
	s := driver.Start(t, driver.Options{App: dir, Workers: 1})
	if got := s.Get("/"); got != "tea" {
		t.Errorf("the state holds %q", got)
	}
	s.Settled()
	if status := s.Stop(); status != 0 || len(s.LogLines("the end")) != 1 || len(s.LogLines("Task was destroyed")) > 0 || len(s.LogLines("killed")) > 0 {
		t.Errorf("exit status %d, or the app has not ended as it should: %q", status, s.LogLines("output"))
	}

	writeTree(t, dir, map[string]string{"app.py": "async def app(scope, receive, send):\n    await receive()\n" +
		"    await send({'type': 'lifespan.startup.failed', 'message': 'no tea'})\n"})
	s = driver.Start(t, driver.Options{App: dir, Workers: 1, Pending: true})
	s.Eventually("the log says why it does not start", func() error {
		if len(s.LogLines(`"printed":"rip-server: the start of the app failed: no tea"`)) == 0 {
			return errors.New("it does not")
		}
		return nil
	})
	s.Stop()
}
