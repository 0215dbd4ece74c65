package language

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// nodeApp writes an app for Node into a folder.
func nodeApp(t *testing.T, files map[string]string) string {
	t.Helper()
	driver.Require(t, "node")
	return written(t, files)
}

func startNode(t *testing.T, files map[string]string, args ...string) *driver.Server {
	t.Helper()
	args = append([]string{"--kind=node"}, args...) // some would run in the embedded engine
	return driver.Start(t, driver.Options{App: nodeApp(t, files), Workers: 1, Args: args})
}

// What an app exports as its default is run by its shape.
func TestNodeHandlers(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"an object with fetch": {"index.mjs": `export default { async fetch(request) {
			return new Response(new URL(request.url).pathname + ' ' + await request.text()) } }`},
		"a function of a request": {"index.mjs": `export default async (request) =>
			new Response(new URL(request.url).pathname + ' ' + await request.text())`},
		"a stream": {"index.mjs": `export default (request) => new Response(new ReadableStream({ async start(c) {
			c.enqueue(new TextEncoder().encode(new URL(request.url).pathname + ' '))
			for await (const part of request.body) c.enqueue(part)
			c.close() } }))`},
		"a function of request and response": {"index.js": `module.exports = (req, res) => {
			res.write(req.url + ' '); req.pipe(res) }`},
		"a server": {"index.js": `module.exports = require('http').createServer((req, res) => {
			res.write(req.url + ' '); req.pipe(res) })`},
		"a server that listens late": {"package.json": `{"type": "module"}`, "index.js": `import http from 'node:http'
			await new Promise((go) => setTimeout(go, 50))
			http.createServer((req, res) => { res.write(req.url + ' '); req.pipe(res) }).listen({ port: 1 })`},
		"the transfer coding is the server's": {"server.js": `require('http').createServer((req, res) => {
			res.writeHead(200, { 'Transfer-Encoding': 'chunked', Connection: 'close' }); res.write(req.url + ' '); req.pipe(res) }).listen()`},
	} {
		t.Run(name, func(t *testing.T) {
			s := startNode(t, files)
			for _, body := range []string{"x", strings.Repeat("long ", 40_000)} {
				a, err := s.Do(&driver.Request{Method: "POST", Target: "/path", Body: []byte(body)})
				if err != nil || a.Status != 200 || string(a.Body) != "/path "+body {
					s.Fatalf("%d bytes: got %+.200v, %v", len(body), a, err)
				}
			}
		})
	}
}

// Trailers are dropped, whatever way they are announced, and the response is not.
func TestNodeTrailers(t *testing.T) {
	s := startNode(t, map[string]string{"server.js": `require('http').createServer((req, res) => {
		const write = {
			'/object': () => res.writeHead(200, { 'Trailer': 'X-Sum', 'X-Kept': 'yes' }),
			'/length': () => res.writeHead(200, { 'trailer': 'X-Sum', 'X-Kept': 'yes', 'Content-Length': 5 }),
			'/list': () => res.writeHead(200, ['Trailer', 'X-Sum', 'X-Kept', 'yes']),
			'/set': () => res.setHeader('Trailer', 'X-Sum').setHeader('X-Kept', 'yes'),
			'/both': () => res.setHeader('X-Kept', 'yes').writeHead(200, { 'Trailer': 'X-Sum' }),
			'/chunked': () => res.writeHead(200, { 'Trailer': 'X-Sum', 'Transfer-Encoding': 'chunked', 'X-Kept': 'yes' }),
			'/empty': () => res.writeHead(204, { 'Trailer': 'X-Sum', 'X-Kept': 'yes' }).end(),
		}
		write[req.url]()
		if (req.url === '/set') return res.end('hello')
		if (req.url === '/empty') return res.end()
		res.write('hel'); res.addTrailers({ 'X-Sum': '1' }); res.end('lo')
	}).listen()`})
	for _, method := range []string{"GET", "HEAD"} {
		for _, path := range []string{"/object", "/length", "/list", "/set", "/both", "/chunked", "/empty"} {
			status, body := 200, "hello"
			if path == "/empty" {
				status = 204
			}
			if path == "/empty" || method == "HEAD" {
				body = ""
			}
			a, err := s.Ask(method, path)
			if err != nil || a.Status != status || string(a.Body) != body || a.Header.Get("X-Kept") != "yes" || a.Header.Get("Trailer") != "" {
				t.Errorf("%s %s: got %+v, %v", method, path, a, err)
			}
		}
	}
	if lines := s.LogLines("exception"); len(lines) > 0 {
		t.Errorf("the log has %q", lines)
	}
}

// A server that listens finds all that it may ask for.
func TestNodeListen(t *testing.T) {
	s := startNode(t, map[string]string{"server.js": `
		const http = require('http'), said = []
		const server = http.createServer((req, res) => {
			said.push(req.socket.remoteAddress, String(server.listening), process.env.NODE_ENV, String(require.main === module))
			res.on('finish', () => said.push('finish')).on('close', () => said.push('close'))
			req.on('close', () => said.push('request closed'))
			if (req.url === '/said') res.end(said.join(' ')); else res.end()
		})
		server.on('listening', () => said.push('event ' + server.address().port))
		server.listen(8080, 'localhost', () => said.push('callback'))
		http.createServer(() => {}).listen(9090)`})
	s.Get("/")
	want := "event 8080 callback 127.0.0.1 true development true finish close request closed 127.0.0.1 true development true"
	if got := s.Get("/said"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(s.LogLines("port 9090: that server gets no requests")) == 0 {
		t.Error("nothing is said about the second server")
	}
}

// An app that starts its own processes with node:cluster finds itself in one.
func TestNodeCluster(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"CommonJS": {"server.js": `const cluster = require('cluster')
			if (cluster.isPrimary) cluster.fork()
			else require('http').createServer((req, res) => res.end('worker ' + cluster.worker.id + ' ' + process.env.NODE_APP_INSTANCE)).listen(3000)`},
		"ECMAScript": {"server.mjs": `import http from 'http'; import cluster, { isMaster } from 'cluster'
			if (isMaster) cluster.fork()
			else http.createServer((req, res) => res.end('worker ' + cluster.worker.id + ' ' + process.env.NODE_APP_INSTANCE)).listen(3000)`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := startNode(t, files).Get("/"); got != "worker 1 0" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// The event loop of an app that has something to do is alive while no request
// runs, and requests are answered as ever.
func TestNodeEventLoop(t *testing.T) {
	for name, timer := range map[string]string{"an interval": "", "one that holds nothing up": ".unref()"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "ticks")
			s := driver.Start(t, driver.Options{Workers: 2, Env: []string{"TICKS=" + file}, App: nodeApp(t, map[string]string{
				"server.js": fmt.Sprintf(`
					setInterval(() => require('fs').appendFileSync(process.env.TICKS, '.'), 20)%s
					require(%q)`, timer, labNode(t))})})
			load := s.Load(driver.Mixed(8))
			s.Eventually("there is load", func() error { return load.AtLeast(100) })
			s.Kill9(s.WorkerPIDs()...)
			s.AwaitHealthy()
			if out, status := s.Run("restart"); status != 0 {
				s.Fatalf("restart: exit status %d, printed %s", status, out)
			}
			s.Judge(load.Stop(), driver.Allow(502, 2))
			before := ticks(file)
			s.Eventually("it ticks without requests", func() error {
				if n := ticks(file) - before; n < 6 {
					return fmt.Errorf("%d ticks", n)
				}
				return nil
			})
			s.Judge(s.Load(driver.Plain(16, 2000)).Wait())
			s.Settled()
		})
	}
}

func ticks(file string) int {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return int(info.Size())
}

func labNode(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../examples/lab-node/server.js")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// What breaks in the middle of a response or of a body costs its own client alone, and
// leaves nothing open.
func TestNodeBreaks(t *testing.T) {
	s := startNode(t, map[string]string{"server.js": `
		const { Readable, pipeline } = require('stream')
		process.stderr // Node opens a file when it is used first
		require('http').createServer((req, res) => {
			if (req.url === '/throws') { req.once('data', () => {}); throw new Error('broken') }
			if (req.url === '/early') return res.end('early')
			if (req.url === '/half') return pipeline(Readable.from((function* () { yield 'half'; throw new Error('broken') })()), res, () => {})
			if (req.url === '/destroys') return res.destroy(new Error('broken'))
			if (req.url === '/files') return res.end(String(require('fs').readdirSync('/proc/self/fd').length))
			req.resume().on('end', () => res.end('read'))
		}).listen()`})
	large := []byte(strings.Repeat("x", 1<<20))
	before := s.Get("/files")
	for range 5 {
		for target, want := range map[string]int{"/throws": 500, "/early": 200, "/half": 0, "/destroys": 502, "/reads": 200} {
			a, err := s.Do(&driver.Request{Method: "POST", Target: target, Body: large})
			if want == 0 && err == nil && a.Status == 200 || want != 0 && (err != nil || a.Status != want) {
				s.Fatalf("%s: got %+v, %v, want %d", target, a, err, want)
			}
		}
	}
	if after := s.Get("/files"); after != before {
		t.Errorf("%s files are open, before there were %s", after, before)
	}
	if n := len(s.LogLines("worker crashed")); n > 0 {
		t.Errorf("%d workers have crashed", n)
	}
}

// An error that nobody catches ends the worker, as it does in Node: its client
// gets 502, and the others another worker.
func TestNodeUncaughtException(t *testing.T) {
	s := startNode(t, map[string]string{"server.js": `require('http').createServer((req, res) => {
		if (req.url === '/later') setTimeout(() => { throw new Error('nobody caught this') }); else res.end('fine') }).listen()`})
	if a, err := s.Ask("GET", "/later"); err != nil || a.Status != 502 {
		t.Errorf("got %+v, %v, want 502", a, err)
	}
	if got := s.Get("/"); got != "fine" {
		t.Errorf("got %q", got)
	}
	s.Eventually("the error is in the log", func() error {
		if len(s.LogLines("nobody caught this")) == 0 {
			return errors.New("it is not")
		}
		return nil
	})
}

// An app that ends in its own way when it is told to is let do so, idle or not.
func TestNodeOwnEnd(t *testing.T) {
	s := driver.Start(t, driver.Options{Workers: 2, App: nodeApp(t, map[string]string{"server.js": `
		const server = require('http').createServer((req, res) => { console.log('it runs'); setTimeout(() => res.end('fine'), 300) }).listen(3000)
		process.on('SIGTERM', () => server.close(() => setTimeout(() => { console.log('all is closed'); process.exit(0) }, 20)))`})})
	inFlight := s.Go("in-flight", "/")
	s.Eventually("it runs", func() error {
		if len(s.LogLines("it runs")) == 0 {
			return errors.New("it does not")
		}
		return nil
	})
	if status := s.Stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	if a := inFlight.Answer(); a.Status != 200 || string(a.Body) != "fine" {
		t.Errorf("got %+v", a)
	}
	if n := len(s.LogLines("all is closed")); n != 2 {
		s.Fatalf("%d of 2 workers ended in their own way", n)
	}
}

// A client that goes away ends what is sent to it for ever.
func TestNodeClientGone(t *testing.T) {
	s := startNode(t, map[string]string{"server.js": `require('http').createServer((req, res) => {
		if (req.url === '/') return res.end('fine')
		const timer = setInterval(() => res.write('data: tick\n\n'), 5)
		res.on('close', () => { clearInterval(timer); console.log('the client has gone') })
	}).listen()`})
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("GET /events HTTP/1.1\r\nHost: lab\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	c.Close()
	if got := s.Get("/"); got != "fine" {
		t.Errorf("got %q", got)
	}
	if len(s.LogLines("the client has gone")) != 1 {
		t.Error("the app was not told")
	}
}

// What does not start says why in a line, with what Node itself says.
func TestNodeDoesNotStart(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"no app":          {"console.log('nothing here')", "it did not call listen() of an http.Server, and does not export a handler"},
		"a syntax error":  {"const = 1", "SyntaxError: Unexpected token"},
		"a module's lack": {"require('no-such-module')", "Cannot find module 'no-such-module'"},
	} {
		t.Run(name, func(t *testing.T) {
			s := driver.Start(t, driver.Options{App: nodeApp(t, map[string]string{"index.js": test.text}), Workers: 1, Pending: true})
			s.Eventually("the log says why", func() error {
				if len(s.LogLines(test.want)) == 0 {
					return errors.New("it does not")
				}
				return nil
			})
		})
	}
}

// A change reaches whoever asks after it, also in a module of an ECMAScript
// module; code that does not run leaves the old one.
func TestNodeHotReload(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"CommonJS": {"server.js": `const { text } = require('./part'); require('http').createServer((req, res) => res.end(text)).listen()`,
			"part.js": `exports.text = 'one'`},
		"ECMAScript": {"package.json": `{"type": "module"}`,
			"server.js": `import http from 'http'; import { text } from './part.js'; http.createServer((req, res) => res.end(text)).listen()`,
			"part.js":   `export const text = 'one'`},
	} {
		t.Run(name, func(t *testing.T) {
			s := startNode(t, files, "--hot-reload=module")
			if got := s.Get("/"); got != "one" {
				t.Fatalf("got %q", got)
			}
			part := filepath.Join(s.App(), "part.js")
			save := func(text string) {
				if err := os.WriteFile(part, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			save(strings.Replace(files["part.js"], "one", "two", 1))
			s.Eventually("the new code answers", func() error {
				if got := s.Get("/"); got != "two" {
					return fmt.Errorf("%q", got)
				}
				return nil
			})
			save("this is no JavaScript")
			s.Eventually("a browser is shown the error", func() error {
				a, err := s.Do(&driver.Request{Target: "/", Fields: []string{"Accept: text/html"}})
				if err != nil || a.Status != 500 || !strings.Contains(string(a.Body), "part.js") {
					return fmt.Errorf("%+v, %v", a, err)
				}
				return nil
			})
			if got := s.Get("/"); got != "two" {
				t.Errorf("%q answers while the code is broken", got)
			}
			save(strings.Replace(files["part.js"], "one", "three", 1))
			s.Eventually("the new code answers again", func() error {
				if got := s.Get("/"); got != "three" {
					return fmt.Errorf("%q", got)
				}
				return nil
			})
		})
	}
}

// A JSON file that a module loads is part of the code.
func TestNodeHotReloadJSON(t *testing.T) {
	const serve = `http.createServer((req, res) => res.end(c.text)).listen()`
	for name, files := range map[string]map[string]string{
		"require":       {"server.js": `const http = require('http'), c = require('./conf/part.json'); ` + serve},
		"createRequire": {"server.mjs": `import http from 'http'; import { createRequire } from 'module'; const c = createRequire(import.meta.url)('./conf/part.json'); ` + serve},
		"import":        {"server.mjs": `import http from 'http'; import c from './conf/part.json' with { type: 'json' }; ` + serve},
		"in a module":   {"server.js": `const http = require('http'), c = require('./conf'); ` + serve, "conf/index.js": "module.exports = require(`./${'part'}.json`)"},
	} {
		t.Run(name, func(t *testing.T) {
			files["conf/part.json"] = `{"text": "one"}`
			s := startNode(t, files, "--hot-reload=module")
			awaitAnswer(s, "one")
			save(t, filepath.Join(s.App(), "conf/part.json"), `{"text": "two"}`)
			awaitAnswer(s, "two")
		})
	}
}
