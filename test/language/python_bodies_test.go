package language

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// An app that answers with what is no bytes, each in its way. It notes what it
// runs in the file "runs".
const wrongWSGI = `import sys

def one_str(start): start(); return ["thank you"]
def one_none(start): start(); return [None]
def one_number(start): start(); return [5]
def one_accent(start): start(); return ("é",)
def one_large(start): start(); return ["x" * 300000]
def one_measured(start): start(9); return ["thank you"]
def more_str(start): start(); return ["a", "b"]
def none(start): start(); return None
def plain_str(start): start(); return "Hello World\n"
def plain_bytes(start): start(); return b"Hello World\n"
def plain_dict(start): start(); return {"tea": 3}
def yields_dict(start): start(); yield {"tea": 3}
def yields_str(start): start(); yield "tea"; yield "cake"
def yields_measured(start): start(9); yield "thank you"
def yields_number(start): start(3); yield 3
def writes_str(start): start()("tea"); return []
def recursion(start): return recursion(start)
def memory(start): raise MemoryError
def without_stderr(start):
    sys.stderr = None
    raise KeyError("nowhere")

def late_str(start): start(); yield b"begun"; yield "tea"
def late_dict(start): start(9); yield b"begun"; yield {"tea": 3}
def late_write(start): write = start(); write(b"begun"); write("tea"); return []

def right(start): start(); return [b"right"]
def after_the_end(start):
    write = start(5)
    yield b"right"
    write(b"wrong")

class Stop(BaseException): pass
def interrupted(start): raise KeyboardInterrupt
def leaves(start): start(); sys.exit(5)
def stops(start): start(); yield b""; raise Stop
class Closing:
    def __iter__(self): return iter([b"right"])
    def close(self): raise KeyboardInterrupt
def interrupted_late(start): start(5); return Closing()

def app(environ, start_response):
    name = environ["PATH_INFO"][1:]
    with open("runs", "a") as runs:
        runs.write(environ["REQUEST_METHOD"] + " " + name + "\n")
    def start(length=None):
        return start_response("200 OK", [("Content-Length", str(length))] if length else [])
    return globals()[name](start)
`

func TestWrongBodiesOfWSGI(t *testing.T) { driver.BothSockets(t, wrongBodiesOfWSGI) }

func wrongBodiesOfWSGI(t *testing.T, socket string) {
	w := startWrong(t, wrongWSGI, socket)
	for _, name := range []string{
		"one_str", "one_none", "one_number", "one_accent", "one_large", "one_measured", "more_str", "none", "plain_str", "plain_bytes",
		"plain_dict", "yields_dict", "yields_str", "yields_measured", "yields_number", "writes_str", "recursion", "memory", "without_stderr",
	} {
		w.fails(name)
	}
	for _, name := range []string{"late_str", "late_dict", "late_write"} {
		w.cut(name)
	}
	// It has ended well for the client; what comes then is in the log alone.
	if got := w.b.do("GET", "/after_the_end", nil); got.status != 200 || got.body != "right" {
		t.Errorf("after_the_end: %d %q", got.status, got.body)
	}
	w.b.s.Eventually("the log says that it was too late", func() error {
		if len(w.b.s.LogLines("AssertionError: write() was called after the end")) != 1 {
			return errors.New("it does not")
		}
		return nil
	})
	w.same()

	// What ends the process ends it with the request that it runs, once.
	for name, want := range map[string]int{"interrupted": 502, "leaves": 502, "stops": 502, "interrupted_late": 200} {
		if got := w.b.do("GET", "/"+name, nil); got.status != want {
			t.Errorf("%s: %d, want %d", name, got.status, want)
		}
		w.once("GET " + name)
	}
	w.b.leave()
}

const wrongASGI = `import asyncio

class Stop(BaseException): pass
released = asyncio.Event()

async def one_str(send): await send("tea")
async def one_none(send): await send(None)
async def one_number(send): await send(5)
async def one_dict(send): await send({"tea": 3})
async def one_large(send): await send("x" * 300000)
async def one_measured(send): await send("tea", length=3)
async def more_str(send): await send("tea", True)
async def stops(send): raise Stop
async def cancelled(send): raise asyncio.CancelledError
async def recursion(send): await recursion(send)
async def memory(send): raise MemoryError
async def error_str(send): await send("tea", status=503)

async def late_str(send): await send(b"begun", True); await send("tea")
async def late_none(send): await send(b"begun", True); await send(None, True)
async def late_measured(send): await send(b"begun", True, length=9); await send("tea!")

async def right(send): await send(b"right")
async def second_try(send):
    try:
        await send("right", length=5)
    except TypeError:
        await send(b"right")

async def raises_behind(send):
    await send(b"Internal Server Error\n", status=500)
    raise KeyError("behind")
async def waits_behind(send):
    await send(b"", status=503)
    await released.wait()
    released.clear()
async def release(send):
    released.set()
    await send(b"right")

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        raise NotImplementedError
    name, begun = scope["path"][1:], False
    with open("runs", "a") as runs:
        runs.write(scope["method"] + " " + name + "\n")
    async def part(body, more=False, status=200, length=None):
        nonlocal begun
        if not begun:
            begun = True
            headers = [(b"content-length", str(length).encode())] if length else []
            await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": more})
    await globals()[name](part)
`

func TestWrongBodiesOfASGI(t *testing.T) {
	w := startWrong(t, wrongASGI, "seqpacket")
	for _, name := range []string{
		"one_str", "one_none", "one_number", "one_dict", "one_large", "one_measured", "more_str", "stops", "cancelled", "recursion", "memory",
		"error_str", "raises_behind",
	} {
		w.fails(name)
	}
	for _, name := range []string{"late_str", "late_none", "late_measured"} {
		w.cut(name)
	}
	if got := w.b.get("/second_try"); got.body != "right" {
		t.Errorf("second_try: %q", got.body)
	}
	// The reply is there while the app goes on.
	if got := w.b.do("GET", "/waits_behind", nil); got.status != 503 {
		t.Errorf("waits_behind: %d", got.status)
	}
	w.b.get("/release")
	w.same()
	w.b.leave()
}

// wrong is an app that answers with what is no reply.
type wrong struct {
	t       *testing.T
	b       *browser
	socket  string
	runs    string // what the app has run, line by line
	workers []int
}

func startWrong(t *testing.T, text, socket string) *wrong {
	t.Helper()
	driver.Require(t, "python3")
	dir := t.TempDir()
	writeTree(t, dir, map[string]string{"app.py": text})
	s := driver.Start(t, driver.Options{App: dir, Socket: socket, Workers: 2,
		Args: []string{"--python=python3", "--quarantine=off", "--request-timeout=10s", driver.Still}})
	return &wrong{t, newBrowser(t, s), socket, filepath.Join(dir, "runs"), s.WorkerPIDs()}
}

// fails asks for a page, which is a 500 and runs once; its traceback is in the log.
func (w *wrong) fails(name string) {
	w.t.Helper()
	if got := w.b.do("GET", "/"+name, nil); got.status != 500 || got.body != "Internal Server Error\n" {
		w.t.Errorf("%s: %d %q", name, got.status, got.body[:min(len(got.body), 200)])
	}
	w.once("GET " + name)
	w.logged(name)
}

// cut asks for a page whose reply breaks off in the middle.
func (w *wrong) cut(name string) {
	w.t.Helper()
	a, err := w.b.client.Get(w.b.s.URL + "/" + name)
	if err != nil {
		w.t.Fatal(err)
	}
	defer a.Body.Close()
	// A server that learns of both at once may answer with an error.
	if body, err := io.ReadAll(a.Body); err == nil && a.StatusCode != 502 {
		w.t.Errorf("%s: %d, and the body %q ends well", name, a.StatusCode, body)
	}
	w.once("GET " + name)
	w.logged(name)
}

// once tells whether a request was run once.
func (w *wrong) once(line string) {
	w.t.Helper()
	text, err := os.ReadFile(w.runs)
	if n := strings.Count("\n"+string(text), "\n"+line+"\n"); err != nil || n != 1 {
		w.t.Errorf("%s: run %d times, %v", line, n, err)
	}
}

// logged tells whether a traceback is in the log, on seqpacket under the
// request: the stream type does not wait for what is printed before it ends one.
func (w *wrong) logged(name string) {
	w.t.Helper()
	w.b.s.Eventually("the log says why", func() error {
		line := w.b.s.LastLine(`"output":"exception in GET /` + name + `"`)
		if line.Output == "" || line.ID == "" && w.socket == "seqpacket" {
			return fmt.Errorf("it is %+v", line)
		}
		return nil
	})
}

// same tells whether all workers live.
func (w *wrong) same() {
	w.t.Helper()
	if now := w.b.s.WorkerPIDs(); !slices.Equal(now, w.workers) {
		w.t.Errorf("the workers were %v and are %v", w.workers, now)
	}
	if lines := w.b.s.LogLines("never retrieved"); len(lines) > 0 {
		w.t.Errorf("a task has failed: %q", lines)
	}
}
