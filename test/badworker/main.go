// Badworker is an app for tests whose worker breaks the worker protocol on
// demand. At /bad/KIND, one of the names in kinds and lies, it does so and then never
// returns: the server has to notice by itself, and what it still sends is
// nobody's. At /bad/KIND?answer=1 it answers after it. A lie waits for SIGUSR1, so
// that the server can have seen the truth before. Any other path is echoed, and the
// journal kept, as the lab does. With BAD_START=die it says that it is ready and dies.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/worker"
)

func main() {
	journal, err := os.OpenFile(os.Getenv("LAB_JOURNAL"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		log.Fatal(err)
	}
	if os.Getenv("BAD_START") == "die" {
		sayReady()
		must(unix.Kill(os.Getpid(), unix.SIGKILL))
	}
	word := make(chan os.Signal, 1)
	signal.Notify(word, unix.SIGUSR1)
	err = worker.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Lab-Id")
		if id != "" {
			fmt.Fprintf(journal, "start %s %d\n", id, os.Getpid())
			defer fmt.Fprintf(journal, "done %s %d\n", id, os.Getpid())
		}
		kind, isBad := strings.CutPrefix(r.URL.Path, "/bad/")
		if !isBad {
			echo(w, r)
			return
		}
		if misbehave := kinds[kind]; misbehave != nil {
			misbehave()
		}
		if lie := lies[kind]; lie != nil {
			<-word
			lie()
		}
		if r.FormValue("answer") == "" {
			select {}
		}
	}))
	if err != nil {
		log.Fatal(err)
	}
}

func echo(w http.ResponseWriter, r *http.Request) {
	sum := sha256.New()
	size, err := io.Copy(sum, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	number, _ := strconv.Atoi(os.Getenv("RIP_WORKER"))
	_ = json.NewEncoder(w).Encode(map[string]any{
		"method": r.Method, "target": r.RequestURI, "size": size, "sha256": hex.EncodeToString(sum.Sum(nil)),
		"worker": number, "pid": os.Getpid(),
	})
}
