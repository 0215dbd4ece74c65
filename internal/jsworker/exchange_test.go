package jsworker

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRequest(t *testing.T) {
	s := start(t, `export default {
		async fetch(request: Request, env: any) {
			return Response.json([request.method, request.url, request.headers.get("x-name"), await request.text(), env.COLOR]);
		},
	};`)
	got := s.do("POST", "/a?b=c", "dé", "X-Name", "v\xe9").Body.String()
	if want := `["POST","http://example.org:5002/a?b=c","v` + "\u00e9" + `","dé","green"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestResponse(t *testing.T) {
	s := start(t, `const answers: Record<string, () => Response | Promise<Response>> = {
		"/text": () => new Response("é", { status: 201, headers: { "x-name": "v\u00e9", "content-length": "77" } }),
		"/bytes": () => new Response(new Uint8Array([0, 255])),
		"/null": () => new Response(null, { status: 204 }),
		"/cookies": () => new Response("", { headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] }),
		"/promise": async () => { await null; return new Response("later"); },
		"/timer": () => new Promise((done) => setTimeout(() => done(new Response("in time")), 5)),
	};
	export default { fetch: (request: Request) => answers[new URL(request.url).pathname]() };`)
	for target, want := range map[string]string{
		"/text":    `201 map[Content-Type:[text/plain;charset=UTF-8] X-Name:[v` + "\xe9" + `]] "é"`,
		"/bytes":   `200 map[Content-Type:[]] "\x00\xff"`,
		"/null":    `204 map[Content-Type:[]] ""`,
		"/cookies": `200 map[Content-Type:[text/plain;charset=UTF-8] Set-Cookie:[a=1 b=2]] ""`,
		"/promise": `200 map[Content-Type:[text/plain;charset=UTF-8]] "later"`,
		"/timer":   `200 map[Content-Type:[text/plain;charset=UTF-8]] "in time"`,
	} {
		rsp := s.do("GET", target, "")
		if got := fmt.Sprintf("%d %v %q", rsp.Code, rsp.Header(), rsp.Body.String()); got != want {
			t.Errorf("%s: got %s, want %s", target, got, want)
		}
	}
}

func TestExports(t *testing.T) {
	for _, code := range []string{
		`export default () => new Response("here")`,
		`export default async function handler(request: Request) { return new Response("here") }`,
		`class App { where = "here"; fetch() { return new Response(this.where) } } export default new App()`,
		`const where = await Promise.resolve("here"); export default () => new Response(where)`,
		`await new Promise((done) => setTimeout(done, 1)); export default { fetch: () => new Response("here") }`,
	} {
		if got := start(t, code).get("/"); got != "here" {
			t.Errorf("%s: got %q", code, got)
		}
	}
	for code, want := range map[string]string{
		`export default 7`: "the default export is neither a function nor an object with a function fetch",
		"\nthrow new RangeError('at the start'); export default () => {}": "RangeError: at the start\n    at <anonymous> (index.ts:2:",
		`await new Promise(() => {}); export default () => {}`:            "the app waits at its top level (await) for something that cannot come any more",
	} {
		if err := newApp(t, map[string]string{"index.ts": code}).start(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", code, err, want)
		}
	}
}

// Whatever goes wrong is a 500, and the log has the user's file and line.
func TestConsoleKnowsTheLinesOfTheSource(t *testing.T) {
	s := start(t, `
interface Unused { a: number }
const fail = (): Error => new Error("printed", { cause: new TypeError("inner") });
export default () => { console.error("it:", fail()); console.trace("here"); return new Response() }`)
	s.get("/")
	for _, want := range []string{
		"it: Error: printed\n    at fail (index.ts:3:",
		"  [cause]: TypeError: inner\n      at fail (index.ts:3:",
		"Trace: here\n    at index_default (index.ts:4:",
	} {
		if !s.log.has(want) {
			t.Errorf("nothing in the log begins %q:\n%s", want, s.log)
		}
	}
	if s.log.has("rip:") {
		t.Errorf("the log has files that the user has not written:\n%s", s.log)
	}
}

func TestErrors(t *testing.T) {
	s := newApp(t, map[string]string{
		"lib.ts": "export function fail(): never {\n  throw new TypeError('deep', { cause: new Error('why') });\n}",
		"index.ts": `import { fail } from "./lib";
export default {
  async fetch(request: Request) {
    switch (new URL(request.url).pathname) {
      case "/throws": fail();
      case "/later": await null; fail();
      case "/other": throw "a string";
      case "/nothing": return;
      case "/used": { const r = new Response("x"); await r.text(); return r; }
      case "/stuck": await new Promise(() => {});
      case "/unhandled": void Promise.reject(new Error("nobody")); return new Response("fine");
      case "/timer": setTimeout(fail, 1); await new Promise((done) => setTimeout(done, 2)); return new Response("fine");
    }
  },
};`})
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{
		"/throws":    "exception in GET /throws\nTypeError: deep\n    at fail (lib.ts:2:",
		"/later":     "caused by Error: why\n    at fail (lib.ts:2:",
		"/other":     "exception in GET /other\na string",
		"/nothing":   "the handler returned undefined, not a Response",
		"/used":      "the body of the response was read already",
		"/stuck":     "the handler waits for something that cannot come any more",
		"/unhandled": "unhandled rejection: Error: nobody\n    at fetch (index.ts:11:",
		"/timer":     "uncaught TypeError: deep\n    at fail (lib.ts:2:",
	} {
		rsp := s.do("GET", target, "")
		fine := target == "/unhandled" || target == "/timer"
		if fine && rsp.Body.String() != "fine" || !fine && (rsp.Code != 500 || rsp.Body.String() != "Internal Server Error\n") {
			t.Errorf("%s: got %d %q", target, rsp.Code, rsp.Body)
		}
		if !s.log.has(want) {
			t.Errorf("%s: the log has no %q\n%s", target, want, s.log)
		}
	}
	if s.log.has("rip:") || s.log.has("(native)") {
		t.Errorf("the log has lines of ours\n%s", s.log)
	}
}

// parts records what was written up to each flush.
type parts struct {
	*httptest.ResponseRecorder
	list []string
	gone func() bool // from when on nothing can be written
	err  error       // because
}

func (p *parts) Flush() {
	p.list = append(p.list, p.Body.String())
	p.Body.Reset()
}

func (p *parts) Write(b []byte) (int, error) {
	if p.gone != nil && p.gone() {
		return 0, p.err
	}
	return p.ResponseRecorder.Write(b)
}

const streaming = `
const encoder = new TextEncoder();
let ended = "";
export default {
  fetch(request: Request) {
    const path = new URL(request.url).pathname;
    if (path === "/ended") return new Response(ended);
    request.signal.addEventListener("abort", () => { ended += "aborted, "; });
    let n = 0;
    return new Response(new ReadableStream({
      async pull(controller) {
        await new Promise((done) => setTimeout(done, 1));
        controller.enqueue(encoder.encode("part " + n++));
        if (path === "/fails" && n === 2) throw new Error("in the middle");
        if (path === "/parts" && n === 3) controller.close();
      },
      cancel(reason) { ended += "cancelled: " + reason.message; },
    }));
  },
};`

func TestStream(t *testing.T) {
	s := start(t, streaming)
	p := &parts{ResponseRecorder: httptest.NewRecorder()}
	s.ServeHTTP(p, httptest.NewRequest("GET", "/parts", nil))
	// In how many depends on the machine; that they go out before the end is seen in TestStreamWithoutClient.
	if got := strings.Join(p.list, "") + p.Body.String(); got != "part 0part 1part 2" {
		t.Errorf("sent %q in %d parts and one", got, len(p.list))
	}
	rsp := s.do("HEAD", "/parts", "")
	if rsp.Code != 200 || rsp.Body.Len() > 0 {
		t.Errorf("HEAD got %d %q", rsp.Code, rsp.Body)
	}
}

// A stream that fails ends the response so that the client sees it.
func TestStreamFails(t *testing.T) {
	s := start(t, streaming)
	func() {
		defer func() {
			if p := recover(); p != http.ErrAbortHandler {
				t.Errorf("recovered %v", p)
			}
		}()
		s.get("/fails")
	}()
	if !s.log.has("exception in GET /fails\nError: in the middle\n    at pull (index.ts:14:") {
		t.Errorf("the log has\n%s", s.log)
	}
	if got := s.get("/ended"); got != "" {
		t.Errorf("/ended got %q", got)
	}
}

// A length that is not kept is the app's mistake, and told.
func TestStreamTooLong(t *testing.T) {
	s := start(t, streaming)
	p := &parts{ResponseRecorder: httptest.NewRecorder(), err: http.ErrContentLength}
	writes := 0
	p.gone = func() bool { writes++; return writes > 1 }
	func() {
		defer func() { _ = recover() }()
		s.ServeHTTP(p, httptest.NewRequest("GET", "/parts", nil))
	}()
	if !s.log.has("exception in GET /parts\nError: http: wrote more than the declared Content-Length") {
		t.Errorf("the log has\n%s", s.log)
	}
}

// The app learns that the client has gone, when it waits and when it writes.
func TestStreamWithoutClient(t *testing.T) {
	for name, leave := range map[string]func(p *parts, cancel func()){
		"context": func(p *parts, cancel func()) { cancel() },
		"write": func(p *parts, cancel func()) {
			p.gone, p.err = func() bool { return len(p.list) > 1 }, errors.New("gone")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, streaming)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			p := &parts{ResponseRecorder: httptest.NewRecorder()}
			leave(p, cancel)
			func() {
				defer func() {
					if v := recover(); v != nil && v != http.ErrAbortHandler {
						t.Errorf("recovered %v", v)
					}
				}()
				s.ServeHTTP(p, httptest.NewRequestWithContext(ctx, "GET", "/endless", nil))
			}()
			if got := s.get("/ended"); !strings.Contains(got, "cancelled: the client has gone") {
				t.Errorf("the app knows %q", got)
			}
			if s.log.String() != "" {
				t.Errorf("the log has\n%s", s.log)
			}
		})
	}
}

func TestMemory(t *testing.T) {
	s := newApp(t, map[string]string{"index.ts": `export default (request: Request) => {
  const list: number[][] = [];
  while (request.url.endsWith("/much")) list.push(new Array(10000).fill(1.5));
  return new Response("enough");
}`})
	s.limits.memory = 16 << 20
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if rsp := s.do("GET", "/much", ""); rsp.Code != 500 {
			t.Errorf("got %d", rsp.Code)
		}
		if got := s.get("/"); got != "enough" {
			t.Errorf("got %q", got)
		}
	}
	if !s.log.has("InternalError: out of memory\n    at ") {
		t.Errorf("the log has\n%s", s.log)
	}
}
