package driver

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// echo answers as the lab app does.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	sum := sha256.Sum256(body)
	json.NewEncoder(w).Encode(Echo{Method: r.Method, Target: r.RequestURI, Size: len(body), SHA256: hex.EncodeToString(sum[:])})
}

func TestLoadAgainstARightServer(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(echo))
	defer web.Close()
	s := &Server{t: t, URL: web.URL}
	load := Mixed(8)
	load.Requests = 500
	o := s.Load(load).Wait()
	seen := map[string]bool{}
	for _, one := range o.All {
		seen[one.ID] = true
	}
	if len(seen) != 500 || len(o.All) != 500 || o.Count(200) != 500 {
		t.Errorf("%d outcomes, %d ids, %d times 200", len(o.All), len(seen), o.Count(200))
	}
	s.report("failures", o.failures(nil))
}

// A server that swaps, loses or cuts answers is found out.
func TestLoadAgainstAWrongServer(t *testing.T) {
	var n atomic.Int64
	faults := []http.HandlerFunc{
		func(w http.ResponseWriter, r *http.Request) { // another one's answer
			r.RequestURI += "x"
			echo(w, r)
		},
		func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
		func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, "{")
		},
		func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) },
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if i := n.Add(1); i%10 == 0 {
			faults[i/10%int64(len(faults))](w, r)
			return
		}
		echo(w, r)
	}))
	defer web.Close()
	s := &Server{t: t, URL: web.URL}
	o := s.Load(Plain(4, 400)).Wait()
	if got := len(o.failures(nil)); got != 40 {
		t.Errorf("%d failures found, want 40", got)
	}
}
