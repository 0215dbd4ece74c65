package webapi

import (
	"testing"

	"github.com/rip-server/rip-server/internal/quickjs"
)

func newEngine(t testing.TB) (*quickjs.Engine, quickjs.Value) {
	t.Helper()
	e, err := quickjs.New(quickjs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	rip, err := Install(e, testOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	return e, rip
}

func TestResponseIsTakenApart(t *testing.T) {
	e, rip := newEngine(t)
	made, err := e.Eval(`new Response("pong", { status: 201, headers: { "X-A": "1" } })`, "app.js")
	if err != nil {
		t.Fatal(err)
	}
	parts, err := rip.Call("response", made)
	if err != nil {
		t.Fatal(err)
	}
	if got := parts.Index(0).Int(); got != 201 {
		t.Errorf("status %d", got)
	}
	if got := parts.Index(2).String(); got != "x-a: 1\r\ncontent-type: text/plain;charset=UTF-8\r\n" {
		t.Errorf("head %q", got)
	}
	if got := parts.Index(3).String(); got != "pong" {
		t.Errorf("body %q", got)
	}
}

func BenchmarkInstall(b *testing.B) {
	for b.Loop() {
		e, err := quickjs.New(quickjs.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Install(e, testOptions(b)); err != nil {
			b.Fatal(err)
		}
		e.Close()
	}
}

func BenchmarkRequestToResponse(b *testing.B) {
	e, rip := newEngine(b)
	handler, err := e.Eval(`(request) => new Response("pong")`, "app.js")
	if err != nil {
		b.Fatal(err)
	}
	request, response := rip.Get("request"), rip.Get("response")
	for b.Loop() {
		r, err := e.Call(request, quickjs.Undefined, "GET", "http://localhost/ping", "host: localhost\r\naccept: */*\r\n", quickjs.Null{})
		if err != nil {
			b.Fatal(err)
		}
		answer, err := e.Call(handler, quickjs.Undefined, r)
		if err != nil {
			b.Fatal(err)
		}
		parts, err := e.Call(response, quickjs.Undefined, answer)
		if err != nil {
			b.Fatal(err)
		}
		r.Free()
		answer.Free()
		parts.Free()
	}
}
