package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

func ping(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "pong") }

func document(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"message":"Hello, World!","list":[1,2,3]}`+"\n")
}

func pid(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Getpid()) }

func sleep(w http.ResponseWriter, r *http.Request) {
	ms, ok := number(w, r, "ms")
	if !ok {
		return
	}
	time.Sleep(time.Duration(ms) * time.Millisecond)
	fmt.Fprintf(w, "slept %d ms\n", ms)
}

// spin spends CPU time, however long that takes on a busy machine.
func spin(w http.ResponseWriter, r *http.Request) {
	ms, ok := number(w, r, "ms")
	if !ok {
		return
	}
	sum := uint64(0)
	for begin := cpuTime(); cpuTime()-begin < time.Duration(ms)*time.Millisecond; {
		for i := range uint64(10_000) {
			sum = sum*31 + i
		}
	}
	fmt.Fprintf(w, "spent %d ms on %x\n", ms, sum)
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func stream(w http.ResponseWriter, r *http.Request) {
	n, ok := number(w, r, "n")
	if !ok {
		return
	}
	ms, ok := number(w, r, "ms")
	if !ok {
		return
	}
	for i := range n {
		if i > 0 {
			time.Sleep(time.Duration(ms) * time.Millisecond)
		}
		fmt.Fprintf(w, "part %d\n", i)
		w.(http.Flusher).Flush()
	}
}

func fail(http.ResponseWriter, *http.Request) { panic("the lab was asked to panic") }

func exit(w http.ResponseWriter, r *http.Request) {
	if code, ok := number(w, r, "code"); ok {
		os.Exit(code)
	}
}

func abort(w http.ResponseWriter, _ *http.Request) {
	io.WriteString(w, "the first half of it")
	w.(http.Flusher).Flush()
	// A server that learns of both at once may still answer with an error.
	time.Sleep(100 * time.Millisecond)
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // until it arrives
}

func hang(http.ResponseWriter, *http.Request) { select {} }

var kept [][]byte

func alloc(w http.ResponseWriter, r *http.Request) {
	mb, ok := number(w, r, "mb")
	if !ok {
		return
	}
	b := make([]byte, mb<<20)
	for i := 0; i < len(b); i += 4096 {
		b[i] = 1 // memory that nobody touched is not there yet
	}
	kept = append(kept, b)
	fmt.Fprintf(w, "%d blocks\n", len(kept))
}

func print(w http.ResponseWriter, r *http.Request) {
	fmt.Println(r.FormValue("line"))
	io.WriteString(w, "printed\n")
}

// number reads a number from the query, 0 when it is not there. It answers 400
// when it is none.
func number(w http.ResponseWriter, r *http.Request, name string) (int, bool) {
	v := r.URL.Query().Get(name)
	if v == "" {
		return 0, true
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 {
		http.Error(w, fmt.Sprintf("%s is %q, not a number", name, v), http.StatusBadRequest)
		return 0, false
	}
	return n, true
}
