package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// code is what the file code.py in the program's folder held when it started.
var code = func() string {
	text, _ := os.ReadFile("code.py") // there may be none
	return string(text)
}()

// pages are what is not echoed. What they write to out is sent when they have
// returned.
var pages = map[string]func(c net.Conn, out *bytes.Buffer, r *http.Request){
	"/sleep":  sleep,
	"/held":   held,
	"/hang":   func(net.Conn, *bytes.Buffer, *http.Request) { select {} },
	"/exit":   func(net.Conn, *bytes.Buffer, *http.Request) { os.Exit(3) },
	"/close":  func(net.Conn, *bytes.Buffer, *http.Request) {},
	"/early":  early,
	"/mirror": mirror,

	// Without a length: the body ends with the connection.
	"/unframed": func(_ net.Conn, out *bytes.Buffer, _ *http.Request) {
		out.WriteString("HTTP/1.0 200 OK\r\n\r\nthe whole")
	},
	"/half": func(c net.Conn, _ *bytes.Buffer, _ *http.Request) {
		io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\nthe first half")
		time.Sleep(300 * time.Millisecond) // what dies at once cannot be told from what ends
		os.Exit(3)
	},
	"/shout": func(_ net.Conn, out *bytes.Buffer, _ *http.Request) {
		out.WriteString("HTTP/1.1 200 OK\r\nRip-Stats: 99 1 2 3\r\nContent-Length: 2\r\n\r\nok")
	},
	"/code": func(_ net.Conn, out *bytes.Buffer, _ *http.Request) { answer(out, code) },
	"/env":  func(_ net.Conn, out *bytes.Buffer, _ *http.Request) { answer(out, strings.Join(os.Environ(), "\n")) },
	"/shutdown": func(_ net.Conn, out *bytes.Buffer, _ *http.Request) {
		_ = syscall.Shutdown(3, syscall.SHUT_RDWR)
		answer(out, "done")
	},
	"/unlink": func(c net.Conn, out *bytes.Buffer, _ *http.Request) {
		_ = os.Remove(c.LocalAddr().String())
		answer(out, "done")
	},
}

func answer(out *bytes.Buffer, body string) {
	fmt.Fprintf(out, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func sleep(_ net.Conn, out *bytes.Buffer, r *http.Request) {
	ms, _ := strconv.Atoi(r.FormValue("ms"))
	time.Sleep(time.Duration(ms) * time.Millisecond)
	answer(out, fmt.Sprintf("slept %d ms\n", ms))
}

// held answers when there is a file called "release" in the program's folder.
func held(_ net.Conn, out *bytes.Buffer, _ *http.Request) {
	for {
		if _, err := os.Stat("release"); err == nil {
			answer(out, "released")
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// early answers without reading the body.
func early(c net.Conn, _ *bytes.Buffer, _ *http.Request) {
	io.WriteString(c, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nfull")
}

// mirror sends the body back while it reads it.
func mirror(c net.Conn, _ *bytes.Buffer, r *http.Request) {
	fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", r.ContentLength)
	_, _ = io.Copy(c, r.Body)
}

// echo says what it received.
func echo(out *bytes.Buffer, r *http.Request) {
	sum := sha256.New()
	size, err := io.Copy(sum, r.Body)
	if err != nil {
		return
	}
	number, _ := strconv.Atoi(os.Getenv("RIP_WORKER"))
	body, _ := json.Marshal(map[string]any{
		"method": r.Method, "target": r.RequestURI, "headers": r.Header, "size": size, "sha256": hex.EncodeToString(sum.Sum(nil)),
		"worker": number, "pid": os.Getpid(),
	})
	answer(out, string(body))
}
