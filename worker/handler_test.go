//go:build linux

package worker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rip-server/rip-server/internal/wire"
)

// seen is what the handler of the tests found in a request.
type seen struct {
	Method, URI, Path, Query, Host, Remote string
	Header                                 http.Header
	Length                                 int64
	Size                                   int
	Sum                                    string
	Error                                  string
}

// testHandler is the app of the workers in the tests.
func testHandler() http.Handler {
	mux := http.NewServeMux()
	add := func(path string, h func(w http.ResponseWriter, r *http.Request)) { mux.HandleFunc(path, h) }
	var running, most atomic.Int32
	number := func(r *http.Request, name string) int {
		n, _ := strconv.Atoi(r.FormValue(name))
		return n
	}

	add("/ping", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "pong") })
	add("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		sum := sha256.Sum256(body)
		s := seen{
			Method: r.Method, URI: r.RequestURI, Path: r.URL.Path, Query: r.URL.RawQuery, Host: r.Host, Remote: r.RemoteAddr,
			Header: r.Header, Length: r.ContentLength, Size: len(body), Sum: hex.EncodeToString(sum[:]),
		}
		if err != nil {
			s.Error = err.Error()
		}
		json.NewEncoder(w).Encode(s)
	})
	// Writes n bytes in pieces, perhaps with a length, perhaps in one go.
	add("/bytes", func(w http.ResponseWriter, r *http.Request) {
		n, piece := number(r, "n"), max(1, number(r, "piece"))
		if v := r.FormValue("length"); v != "" {
			w.Header().Set("Content-Length", v)
		}
		for n > 0 {
			k, err := io.WriteString(w, strings.Repeat("x", min(n, piece)))
			if err != nil {
				log.Print(err)
				return
			}
			n -= k
		}
	})
	add("/copy", func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	// Makes a file to say that it runs, sends one part, then waits until
	// another file is there.
	add("/gate", func(w http.ResponseWriter, r *http.Request) {
		if err := os.WriteFile(r.FormValue("file")+".began", nil, 0o600); err != nil {
			log.Print(err)
		}
		io.WriteString(w, "first")
		if err := http.NewResponseController(w).Flush(); err != nil {
			log.Print(err)
		}
		for {
			if _, err := os.Stat(r.FormValue("file")); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		io.WriteString(w, "second")
	})
	// Waits until another request is there to be taken, tempts the worker to
	// take it, and checks that it was not.
	add("/alone", func(w http.ResponseWriter, r *http.Request) {
		most.Store(max(most.Load(), running.Add(1)))
		defer running.Add(-1)
		if r.FormValue("tempt") != "" {
			await(wire.FDRequests, pollIn)
			for range 2000 {
				runtime.Gosched()
				time.Sleep(time.Microsecond)
			}
		}
		fmt.Fprint(w, most.Load())
	})
	add("/panic", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "before")
		if r.FormValue("flush") != "" {
			w.(http.Flusher).Flush()
		}
		switch r.FormValue("with") {
		case "abort":
			panic(http.ErrAbortHandler)
		case "goexit":
			runtime.Goexit()
		}
		panic("the handler of the test")
	})
	add("/status", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/x-test")
		w.WriteHeader(number(r, "code"))
		_, err := io.WriteString(w, r.FormValue("body"))
		if err != nil {
			log.Print(err)
		}
	})
	add("/fields", func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["X-Lines"] = []string{"a\r\nEvil: yes", "b\nc", "\td\x00e \n"}
		h["Bad Name"] = []string{"x"}
		h["Bad:Name"] = []string{"x"}
		h["Bad\r\nName"] = []string{"x"}
		h[""] = []string{"x"}
		h["Trailer:Sum"] = []string{"x"}
		h["transfer-encoding"] = []string{"chunked"}
		h["Connection"] = []string{"close, X-Lines"}
		h["content-length"] = []string{"1"}
		h["Set-Cookie"] = []string{"a=1", "b=2"}
		h["X-Empty"] = []string{""}
		h["X-Latin"] = []string{"caf\xe9"}
		w.WriteHeader(200)
		h.Set("X-Late", "no")
		io.WriteString(w, "<html>")
	})
	add("/huge-head", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Huge", strings.Repeat("x", wire.MaxRecord))
		io.WriteString(w, "lost")
	})
	add("/early", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(http.StatusContinue)
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusEarlyHints)
		io.WriteString(w, "later")
	})
	// Waits for its context, in one of the ways there are.
	add("/context", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "first")
		w.(http.Flusher).Flush()
		ctx := r.Context()
		if r.FormValue("derived") != "" {
			timed, cancel := context.WithTimeout(ctx, time.Hour)
			defer cancel()
			ctx = timed
		}
		if r.FormValue("poll") != "" {
			for ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
		} else {
			<-ctx.Done()
		}
		io.WriteString(w, ctx.Err().Error())
	})
	// Keeps what belongs to a request and says later what has become of it.
	var kept struct {
		w    http.ResponseWriter
		body io.Reader
		r    *http.Request
	}
	add("/keep", func(w http.ResponseWriter, r *http.Request) { kept.w, kept.body, kept.r = w, r.Body, r })
	add("/kept", func(w http.ResponseWriter, r *http.Request) {
		_, writing := io.WriteString(kept.w, "late")
		_, reading := kept.body.Read(make([]byte, 10))
		fmt.Fprintf(w, "%v; %v; %v; %v", writing, reading, kept.r.Context().Err(), kept.r.Header.Get("X-Kept"))
	})
	add("/file", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, r.FormValue("path")) })
	add("/copy-file", func(w http.ResponseWriter, r *http.Request) {
		f, err := os.Open(r.FormValue("path"))
		if err != nil {
			panic(err)
		}
		defer f.Close()
		if n := number(r, "skip"); n > 0 {
			f.Seek(int64(n), io.SeekStart)
		}
		io.WriteString(w, r.FormValue("before"))
		io.Copy(w, f)
		if r.FormValue("again") != "" {
			f.Seek(0, io.SeekStart)
			io.Copy(w, f)
		}
		if r.FormValue("flush") != "" {
			w.(http.Flusher).Flush()
		}
		io.WriteString(w, r.FormValue("after"))
	})
	// Says what a child of the worker inherits of the protocol's descriptors.
	add("/child", func(w http.ResponseWriter, r *http.Request) {
		out, err := exec.Command("sh", "-c", "readlink /proc/self/fd/* || true").Output()
		for fd := wire.FDRequests; fd <= wire.FDLedger; fd++ {
			mine, _ := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
			if strings.Contains(string(out), mine+"\n") {
				fmt.Fprintf(w, "%d is %s; ", fd, mine)
			}
		}
		fmt.Fprint(w, len(out) > 0, " ", err)
	})
	return mux
}
