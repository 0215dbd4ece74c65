// Concurrent is a Go server as net/http makes it, on a Unix socket: any number
// of requests at a time in one process, without isolation.
//
//	concurrent SOCKET
package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: concurrent SOCKET")
	}
	l, err := net.Listen("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /ping", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "pong")
	})
	log.Fatal(http.Serve(l, nil))
}
