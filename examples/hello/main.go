// Hello is the smallest app worth showing.
//
//	rip-server examples/hello
package main

import (
	"io"
	"log"
	"net/http"

	"github.com/rip-server/rip-server/worker"
)

func main() {
	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "Hello from rip-server!\n")
	})
	http.HandleFunc("GET /ping", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "pong")
	})
	if err := worker.Serve(nil); err != nil {
		log.Fatal(err)
	}
}
