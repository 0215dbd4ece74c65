// Lab is the app of the tests and benchmarks. Labs in other languages answer
// the same:
//
//	/ping                 pong
//	/json                 a small JSON document
//	/echo                 JSON of method, target, headers, size and SHA-256 of the body, worker, pid
//	/pid                  the process id
//	/sleep?ms=N           answers after N ms
//	/cpu?ms=N             answers after it has spent N ms of CPU time
//	/bytes?n=N            N bytes, byte i being i mod 251
//	/stream?n=N&ms=M      N parts, flushed, M ms apart
//	/file?n=N             the same bytes as /bytes from a file in the folder for temporary files, through http.ServeFile
//	/panic                panics (elsewhere: throws what nobody catches)
//	/exit?code=N          ends the process
//	/abort                kills its process in the middle of a body
//	/hang                 never returns, whatever happens
//	/alloc?mb=N           keeps N MiB more memory
//	/log?line=TEXT        prints a line
//
// Any other path is like /echo.
//
// With LAB_JOURNAL=FILE a request with the field X-Lab-Id leaves two lines in
// that file, "start ID PID" before it runs and "done ID PID" after it, each
// one write in append mode, filled up to 128 bytes.
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/rip-server/rip-server/worker"
)

// pages are what the lab answers at the paths that are not like /echo. They
// are looked up by exact path, without the redirects of http.ServeMux: what a
// path means is for the tests to say.
var pages = map[string]http.HandlerFunc{
	"/ping":   ping,
	"/json":   document,
	"/pid":    pid,
	"/sleep":  sleep,
	"/cpu":    spin,
	"/bytes":  bytes,
	"/stream": stream,
	"/file":   file,
	"/panic":  fail,
	"/exit":   exit,
	"/abort":  abort,
	"/hang":   hang,
	"/alloc":  alloc,
	"/log":    print,
}

func main() {
	handler := http.Handler(http.HandlerFunc(serve))
	if path := os.Getenv("LAB_JOURNAL"); path != "" {
		j, err := openJournal(path)
		if err != nil {
			log.Fatal(err)
		}
		handler = j.around(handler)
	}
	if err := worker.Serve(handler); err != nil {
		log.Fatal(err)
	}
}

func serve(w http.ResponseWriter, r *http.Request) {
	if page := pages[r.URL.Path]; page != nil {
		page(w, r)
		return
	}
	echo(w, r)
}
