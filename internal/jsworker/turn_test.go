package jsworker

import "testing"

// What was given to waitUntil has ended before the next request.
func TestWaitUntil(t *testing.T) {
	s := start(t, `let done = 0;
const work = async (fails: boolean) => { await new Promise((r) => setTimeout(r, 5)); done++; if (fails) throw new Error("in the background"); };
export default {
  fetch(request: Request, env: unknown, context: { waitUntil(p: Promise<unknown>): void }) {
    const before = done;
    context.waitUntil(work(request.url.endsWith("/fails")));
    if (request.url.endsWith("/never")) context.waitUntil(new Promise(() => {}));
    return new Response(String(before));
  },
};`)
	for i, target := range []string{"/", "/fails", "/never", "/"} {
		if got, want := s.get(target), string(rune('0'+i)); got != want {
			t.Errorf("%s: %s pieces of work were done, want %s", target, got, want)
		}
	}
	if !s.log.has("uncaught Error: in the background\n    at work (index.ts:2:") {
		t.Errorf("the log has\n%s", s.log)
	}
}

// Timers go on between requests, and during the next.
func TestTimersBetweenRequests(t *testing.T) {
	s := start(t, `let n = 0;
setInterval(() => { console.log("tick " + ++n); }, 1);
export default () => new Response(String(n));`)
	s.get("/")
	eventually(t, "it ticks", func() bool { return s.log.has("tick 20\n") })
	if got := s.get("/"); len(got) < 2 {
		t.Errorf("%s ticks", got)
	}
}

// A response that comes after its request is over goes nowhere.
func TestLateReply(t *testing.T) {
	s := start(t, `let free = (r: Response) => {};
export default (request: Request) => {
  if (request.url.endsWith("/stuck")) return new Promise<Response>((done) => { free = done; });
  free(new Response("late"));
  return new Promise((done) => setTimeout(() => done(new Response("mine")), 1));
};`)
	if rsp := s.do("GET", "/stuck", ""); rsp.Code != 500 {
		t.Errorf("got %d", rsp.Code)
	}
	if got := s.get("/"); got != "mine" {
		t.Errorf("got %q", got)
	}
}
