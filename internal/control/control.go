// Package control lets people and programs of the same user talk to a running
// server: HTTP over a Unix socket in the run folder. It has both sides, the
// lock that makes a name unique, and the status document.
package control

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
)

// Handlers is what a server can be asked for.
type Handlers struct {
	// Status returns the state of things.
	Status func() Status
	// Restart replaces the workers. It calls progress, from any goroutine and
	// only before it returns, with a line for people at each step. ctx ends
	// when the asker goes.
	Restart func(ctx context.Context, progress func(string)) error
	// Stop begins to stop the server and does not wait for it.
	Stop func()
}

// step is a line of the answer to a restart.
type step struct {
	Progress string `json:"progress,omitempty"`
	Done     bool   `json:"done,omitempty"`
	Error    string `json:"error,omitempty"`
}

// Handler serves GET /status (JSON), POST /restart (a JSON object a line,
// {"progress":"…"} as it goes and {"done":true} or {"error":"…"} at the end)
// and POST /stop (202 at once). Access is up to the mode of the socket.
func Handler(h Handlers) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(h.Status()) // the client is gone: nobody to tell
	})
	mux.HandleFunc("POST /restart", func(w http.ResponseWriter, r *http.Request) {
		restart(w, r, h.Restart)
	})
	mux.HandleFunc("POST /stop", func(w http.ResponseWriter, r *http.Request) {
		// On the wire before the server begins to close its connections.
		w.WriteHeader(http.StatusAccepted)
		_ = http.NewResponseController(w).Flush()
		h.Stop()
	})
	return mux
}

func restart(w http.ResponseWriter, r *http.Request, run func(context.Context, func(string)) error) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines, flush := json.NewEncoder(w), http.NewResponseController(w)
	var mu sync.Mutex
	say := func(s step) {
		mu.Lock()
		defer mu.Unlock()
		// A client that is gone changes nothing: the restart goes on.
		_ = lines.Encode(s)
		_ = flush.Flush()
	}
	if err := run(r.Context(), func(line string) { say(step{Progress: line}) }); err != nil {
		say(step{Error: err.Error()})
		return
	}
	say(step{Done: true})
}
