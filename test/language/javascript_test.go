package language

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// nothing is what an app in the embedded engine may find in PATH.
var nothing = []string{"PATH="}

func startScript(t *testing.T, files map[string]string, args ...string) *driver.Server {
	t.Helper()
	return driver.Start(t, driver.Options{App: written(t, files), Workers: 1, Args: args, Env: nothing})
}

// A program is all that is needed, for TypeScript and for packages from npm.
func TestJavaScriptWithNothingInstalled(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s := driver.Start(t, driver.Options{App: "examples/hello-ts", Socket: socket, Env: nothing})
		if got := s.Get("/ping"); got != "pong" {
			t.Errorf("got %q", got)
		}
		if len(s.LogLines(`"because":"index.ts is no plain JavaScript"`)) != 1 {
			t.Error("the start does not say what it runs and why")
		}
	})
}

func TestHono(t *testing.T) {
	if _, err := os.Stat("../../examples/hono/node_modules"); err != nil {
		driver.LeaveOut(t, "the packages of examples/hono are not installed (npm ci --prefix examples/hono)")
	}
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s := driver.Start(t, driver.Options{App: "examples/hono", Socket: socket, Workers: 1, Env: nothing})
		p := newShop(t, s)
		if body := p.get(200, "/"); !strings.Contains(body, "<!doctype html>") || !strings.Contains(body, "<h1>Hello from Hono!</h1>") {
			t.Errorf("the page is %q", body)
		}
		if body := p.get(200, "/count/3"); body != "1\n2\n3\n" {
			t.Errorf("the stream is %q", body)
		}
		if body := p.get(404, "/nowhere"); body != `{"error":"there is nothing here"}` {
			t.Errorf("nowhere is %q", body)
		}
		post := func(user, body string) (int, string) {
			q, err := http.NewRequest("POST", s.URL+"/notes", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			q.Header.Set("Content-Type", "application/json")
			if user != "" {
				q.SetBasicAuth(user, "secret")
			}
			r, err := p.client.Do(q)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			text, err := io.ReadAll(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			return r.StatusCode, string(text)
		}
		if status, _ := post("", `{"text": "a"}`); status != 401 {
			t.Errorf("without a password: status %d", status)
		}
		if status, body := post("writer", `{}`); status != 400 || body != "text is missing" {
			t.Errorf("without a text: status %d, %q", status, body)
		}
		if status, body := post("writer", `{"text": "Grüße"}`); status != 201 || !strings.Contains(body, `"text":"Grüße"`) {
			t.Errorf("a note: status %d, %q", status, body)
		}
		if body := p.get(200, "/notes"); !strings.Contains(body, "Grüße") {
			t.Errorf("the notes are %q", body)
		}
	})
}

// A loader makes another language one like TypeScript, and what is wrong in a
// file of it is told like what is wrong in one of ours.
func TestLoader(t *testing.T) {
	s := startScript(t, map[string]string{
		"rip.toml": "[loaders]\n'.rip' = 'rip.js'\n",
		"rip.js": `
			export function compile(source, { filename }) {
				return source.split("\n").map((line, i) => {
					const [, word, rest] = /^(\w*) ?(.*)$/.exec(line);
					if (word === "use") return 'import more from ' + JSON.stringify(rest) + ';';
					if (word === "answer") return 'export default () => new Response(' + JSON.stringify(rest) + ' + more);';
					if (word === "have") return 'export default ' + JSON.stringify(rest) + ';';
					if (word !== "") throw Object.assign(new Error("what is " + word + "?"), { line: i + 1, column: 1 });
					return "";
				}).join("\n");
			}`,
		"index.rip": "use ./more\nanswer hello\n",
		"more.rip":  "have  you\n",
	})
	if got := s.Get("/"); got != "hello you" {
		t.Errorf("got %q", got)
	}
	save(t, filepath.Join(s.App(), "more.rip"), "have  all\n")
	awaitAnswer(s, "hello all")
	save(t, filepath.Join(s.App(), "more.rip"), "\nhold on\n")
	awaitError(s, "more.rip:2:1: what is hold?")
	save(t, filepath.Join(s.App(), "more.rip"), "have  again\n")
	awaitAnswer(s, "hello again")
}

// What is missing may come while the server runs.
func TestMissingPackage(t *testing.T) {
	s := startScript(t, map[string]string{
		"index.ts":     "export default () => new Response('without');\n",
		"package.json": `{"dependencies": {"greeting": "1"}}`,
	})
	s.Get("/")
	save(t, filepath.Join(s.App(), "index.ts"), "import { greeting } from 'greeting';\nexport default () => new Response(greeting);\n")
	awaitError(s, "index.ts:1:26: the package \"greeting\" is not installed")
	save(t, filepath.Join(s.App(), "node_modules/greeting/package.json"), `{"main": "main.js"}`)
	save(t, filepath.Join(s.App(), "node_modules/greeting/main.js"), "exports.greeting = 'one';\n")
	save(t, filepath.Join(s.App(), "node_modules/.package-lock.json"), "{}")
	awaitAnswer(s, "one")
}

// An app that cannot run ends the start with what is wrong.
func TestJavaScriptDoesNotStart(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"a syntax error":     {"export default {\n  fetch( {\n};\n", []string{"index.ts:3:2: "}},
		"no default export":  {"export const fetch = 1;\n", []string{"index.ts:1: there is no default export"}},
		"a module of Node":   {"import fs from 'node:fs';\nexport default fs;\n", []string{"index.ts:1:16: ", "--kind=node"}},
		"a file that is not": {"import './x';\nexport default 1;\n", []string{"index.ts:1:8: there is no file"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := driver.Start(t, driver.Options{App: written(t, map[string]string{"index.ts": test.text}), Pending: true, Env: nothing})
			if status := s.Exit(); status != 1 && status != 2 {
				t.Errorf("exit status %d", status)
			}
			for _, want := range test.want {
				if len(s.LogLines(want)) == 0 {
					t.Errorf("nothing is said of %q", want)
				}
			}
		})
	}
}

// An error that nobody catches is a 500 and names the line of the source, and
// the next request finds everything as before.
func TestJavaScriptErrors(t *testing.T) {
	s := startScript(t, map[string]string{
		"index.ts": `import { fail } from "./lib/fail";

type Path = string;

export default {
  async fetch(request: Request): Promise<Response> {
    const path: Path = new URL(request.url).pathname;
    if (path === "/sync") fail(path);
    if (path === "/later") setTimeout(() => fail(path), 1);
    if (path === "/async") await Promise.resolve().then(() => fail(path));
    if (path === "/nothing") return undefined as unknown as Response;
    if (path === "/loop") for (;;);
    return new Response("fine");
  },
};
`,
		"lib/fail.ts": "interface Gone {\n  gone: true;\n}\n\nexport function fail(path: string): never {\n  throw new RangeError(`no ${path}`);\n}\n",
	}, "--request-timeout=2s")
	for path, want := range map[string]struct {
		status int
		line   string
	}{
		"/sync":    {500, "fail (lib/fail.ts:6:"},
		"/async":   {500, "fail (lib/fail.ts:6:"},
		"/nothing": {500, "the handler returned undefined, not a Response"},
		"/loop":    {504, "fetch (index.ts:12:"},
		"/later":   {200, "fail (lib/fail.ts:6:"},
	} {
		a, err := s.Ask("GET", path)
		if err != nil || a.Status != want.status {
			t.Errorf("%s: got %+v, %v", path, a, err)
		}
		s.Eventually(path+" is in the log", func() error {
			if len(s.LogLines(want.line)) == 0 {
				return errors.New("it is not")
			}
			return nil
		})
		s.Get("/") // the next request of that worker, or of the one after it
	}
}

// What goes on after a response is over before the next request.
func TestWaitUntil(t *testing.T) {
	s := startScript(t, map[string]string{"index.ts": `
		let done = 0;
		export default (request: Request, env: unknown, context: { waitUntil(promise: Promise<unknown>): void }) => {
			const before = done;
			context.waitUntil(new Promise<void>((go) => setTimeout(go, 20)).then(() => done++));
			return new Response(String(before));
		};`})
	for i := range 5 {
		if got := s.Get("/"); got != strconv.Itoa(i) {
			t.Fatalf("request %d: %s were done", i, got)
		}
	}
}

// What work after a response prints is not taken for the next request's.
func TestWaitUntilPrints(t *testing.T) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		s := startScript(t, map[string]string{"index.ts": `
			export default (request: Request, env: unknown, context: { waitUntil(promise: Promise<unknown>): void }) => {
				const id = request.headers.get("x-request-id");
				context.waitUntil(new Promise<void>((go) => setTimeout(go, 20)).then(() => console.log("work of " + id)));
				return new Response(id);
			};`}, "--socket="+socket)
		ids := []string{}
		for range 20 {
			ids = append(ids, s.Get("/"))
		}
		for _, id := range ids {
			s.Eventually("the work prints", func() error {
				if len(s.LogLines("work of "+id)) == 0 {
					return errors.New("it does not")
				}
				return nil
			})
		}
		for i, id := range ids[1:] {
			if lines := s.LogLines("work of " + ids[i]); len(lines) != 1 || strings.Contains(lines[0], id) {
				t.Errorf("request %s is followed by %s: %q", ids[i], id, lines)
			}
		}
	})
}

// A script has files and its process at hand.
func TestJavaScriptHost(t *testing.T) {
	s := startScript(t, map[string]string{"index.ts": `
		import { appendFile, mkdir, pid, readFile, readText, remove, rename, requestTarget, stat, worker, writeFile } from "rip";
		export default () => {
			mkdir("data/deep");
			writeFile("data/deep/a", "one");
			appendFile("data/deep/a", new Uint8Array([0x20, 0xc3, 0xa9]));
			rename("data/deep/a", "data/b");
			const text = readText("data/b"), { size, isFile } = stat("data/b")!, bytes = readFile("data/b").length;
			remove("data");
			let message = "";
			try { readFile("data/b") } catch (error) { message = (error as Error).message }
			return Response.json([text, size, isFile, bytes, stat("data"), message, worker, pid > 1, requestTarget()]);
		};`})
	want := `["one é",6,true,6,null,"open data/b: no such file or directory",1,true,"/a/../b?c"]`
	if a, err := s.Ask("GET", "/a/../b?c"); err != nil || string(a.Body) != want {
		t.Errorf("got %s, %v, want %s", a.Body, err, want)
	}
}
