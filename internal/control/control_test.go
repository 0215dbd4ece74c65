package control

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// serve runs a server of the name "app" and returns a client of it.
func serve(t *testing.T, h Handlers) (*Client, *http.Server) {
	t.Helper()
	dir := runDir(t)
	server := &http.Server{Handler: Handler(h)}
	done := make(chan struct{})
	l := listen(t, dir, "app")
	go func() {
		defer close(done)
		_ = server.Serve(l)
	}()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return Dial(dir, "app"), server
}

func TestStatusArrivesWhole(t *testing.T) {
	want := Status{
		Status: Degraded, App: "app", PID: 7, Ports: map[string]int{"http": 5002}, Uptime: 1.5, Requests: 1 << 60,
		WorkerList: []Worker{{Number: 1, State: "ready", Busy: true, Request: "id", Since: 0.25}},
	}
	client, _ := serve(t, Handlers{Status: func() Status { return want }})
	got, err := client.Status(t.Context())
	if err != nil || !reflect.DeepEqual(*got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestRestartStreams(t *testing.T) {
	seen := make(chan struct{}) // the client has the first line
	client, _ := serve(t, Handlers{Restart: func(ctx context.Context, progress func(string)) error {
		progress("worker 1 is new")
		select {
		case <-seen:
		case <-ctx.Done():
			return ctx.Err()
		}
		progress("worker 2 is new")
		return nil
	}})
	var lines []string
	err := client.Restart(t.Context(), func(line string) {
		if lines = append(lines, line); len(lines) == 1 {
			close(seen)
		}
	})
	if want := []string{"worker 1 is new", "worker 2 is new"}; err != nil || !slices.Equal(lines, want) {
		t.Errorf("got %q, %v", lines, err)
	}
}

func TestRestartFails(t *testing.T) {
	reason := "go build failed:\n./main.go:3:1: \"oops\""
	client, _ := serve(t, Handlers{Restart: func(context.Context, func(string)) error { return errors.New(reason) }})
	if err := client.Restart(t.Context(), func(string) {}); err == nil || err.Error() != reason {
		t.Errorf("got %v", err)
	}
}

func TestRestartOfServerThatDies(t *testing.T) {
	var server *http.Server
	began := make(chan struct{})
	client, server := serve(t, Handlers{Restart: func(ctx context.Context, progress func(string)) error {
		progress("begins")
		<-ctx.Done()
		return nil
	}})
	go func() {
		<-began
		server.Close()
	}()
	err := client.Restart(t.Context(), func(string) { close(began) })
	if err == nil || !strings.Contains(err.Error(), "ended during the restart") {
		t.Errorf("got %v", err)
	}
}

func TestRestartEndsWithItsAsker(t *testing.T) {
	ended := make(chan struct{})
	client, _ := serve(t, Handlers{Restart: func(ctx context.Context, progress func(string)) error {
		progress("begins")
		<-ctx.Done()
		close(ended)
		return ctx.Err()
	}})
	ctx, cancel := context.WithCancel(t.Context())
	if err := client.Restart(ctx, func(string) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-ended
}

func TestStopWaitsForTheName(t *testing.T) {
	asked := make(chan struct{})
	client, server := serve(t, Handlers{Stop: func() { close(asked) }})
	lock, err := Claim(client.dir, "app")
	if err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error)
	go func() { stopped <- client.Stop(t.Context()) }()
	<-asked
	server.Close()
	select {
	case err := <-stopped:
		t.Fatalf("Stop returned (%v) while the name was taken", err)
	default:
	}
	lock.Release()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestNobodyThere(t *testing.T) {
	dir := runDir(t)
	leaveStale(t, dir, "stale")
	for _, name := range []string{"missing", "stale"} {
		client := Dial(dir, name)
		if _, err := client.Status(t.Context()); !errors.Is(err, ErrNotRunning) {
			t.Errorf("status of %s: %v", name, err)
		}
		if err := client.Stop(t.Context()); !errors.Is(err, ErrNotRunning) {
			t.Errorf("stop of %s: %v", name, err)
		}
		if err := client.Restart(t.Context(), nil); !errors.Is(err, ErrNotRunning) {
			t.Errorf("restart of %s: %v", name, err)
		}
	}
}

func TestNonsenseIsAnError(t *testing.T) {
	dir := runDir(t)
	l := listen(t, dir, "app")
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{x}"))
			_ = conn.(*net.UnixConn).CloseWrite()
			_, _ = conn.Read(make([]byte, 4096))
			conn.Close()
		}
	}()
	if _, err := Dial(dir, "app").Status(t.Context()); err == nil || errors.Is(err, ErrNotRunning) {
		t.Errorf("got %v", err)
	}
	l.Close()
	<-done
}

func TestUnknownRequests(t *testing.T) {
	h := Handler(Handlers{})
	for request, want := range map[string]int{
		"GET /": 404, "GET /nothing": 404, "POST /status": 405, "GET /restart": 405, "GET /stop": 405,
	} {
		method, path, _ := strings.Cut(request, " ")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", request, w.Code, want)
		}
	}
}
