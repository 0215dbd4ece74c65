package worker

import (
	"fmt"
	"net"
	"net/http"
	"os"
)

// serveAlone serves without rip-server.
func serveAlone(handler http.Handler) error {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "serving on http://%s without rip-server\n", l.Addr())
	return http.Serve(l, handler)
}
