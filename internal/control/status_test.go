package control

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPublicStatus(t *testing.T) {
	b, err := json.Marshal(Status{
		Status: Healthy, App: "hello", Kind: "go", Path: "/home/me/hello", PID: 4711, Workers: 4,
		Ports: map[string]int{"http": 5002}, Uptime: 3600.7, Ready: 4, Busy: 1, Queued: 2, Streaming: 3,
		LastError: "secret", WorkerList: []Worker{{PID: 4712, LastError: "secret"}},
	}.Public())
	const want = `{"status":"healthy","app":"hello","workers":4,"ports":{"http":5002},"uptime":3600,` +
		`"ready":4,"busy":1,"queued":2,"streaming":3,"spent":0}`
	if err != nil || string(b) != want {
		t.Errorf("got  %s, %v\nwant %s", b, err, want)
	}
}

func TestCode(t *testing.T) {
	for status, want := range map[string]int{Healthy: 200, Degraded: 200, Starting: 503, Unhealthy: 503, Draining: 503} {
		if got := (Status{Status: status}).Code(); got != want {
			t.Errorf("%s: %d, want %d", status, got, want)
		}
	}
}

func TestStatusText(t *testing.T) {
	var b strings.Builder
	err := Status{
		Status: Degraded, App: "hello", Kind: "go", Path: "/apps/hello", PID: 10, Address: "http://localhost:5002", Workers: 3,
		Uptime: 90061, Socket: "seqpacket", HotReload: "none", Env: "production", Ready: 2, Busy: 1, Requests: 12, Version: "1.2.3",
		LastError: "go build failed:\n./main.go:3:1: oops\n",
		WorkerList: []Worker{
			{Number: 1, PID: 11, State: "ready", Since: 61, Requests: 12, Generation: 1, Reloads: 2, Code: 3, Busy: true, Request: "abc"},
			{Number: 2, State: "gone", Since: 3.4, Reason: "exit status 2", Generation: 1},
		},
	}.WriteText(&b)
	const want = `hello: degraded at http://localhost:5002, up 1d1h
  go app /apps/hello, production, process 10, version 1.2.3
  workers: 2 of 3 ready, 1 busy; socket seqpacket; hot reload none
  requests: 12 served, 0 waiting, 0 streaming; connections: 0
  last error: go build failed:
    ./main.go:3:1: oops

WORKER  PID  STATE  FOR   REQUESTS  GENERATION  RELOADS  CODE  RUNS  REMARK
1       11   ready  1m1s  12        1           2        3     abc   -
2       -    gone   3s    0         1           0        -     -     exit status 2
`
	if err != nil || b.String() != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, b.String(), want)
	}
}

// What is not known of programs that are workers is not shown as a number.
func TestStatusTextOfPrograms(t *testing.T) {
	for isolation, want := range map[string]string{
		Unknown:     "  isolation: left to the program, nothing is known against it\n",
		NotIsolated: "  isolation: not guaranteed, a process was seen that holds several requests at a time\n",
	} {
		var b strings.Builder
		s := Status{Kind: "exec", Isolation: isolation, WorkerList: []Worker{{Number: 1, PID: 11, State: "ready"}}}
		if err := s.WriteText(&b); err != nil || !strings.Contains(b.String(), want) || !strings.Contains(b.String(), "0s   -         0") {
			t.Errorf("%v, got\n%s", err, b.String())
		}
	}
}
