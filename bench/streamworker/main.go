// Streamworker is the plainest pool of single-request workers: N processes
// that sleep in accept(2) on one listening Unix socket, read a request, write
// "pong" and close. It parses nothing and calls the kernel directly, so that
// no library is between it and the best that this model can do.
//
//	streamworker SOCKET N
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
)

const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\npong"

// inherited is the descriptor of the listening socket in a worker.
const inherited = 3

func main() {
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		fail(work())
		return
	}
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: streamworker SOCKET N"))
	}
	n, err := strconv.Atoi(os.Args[2])
	fail(err)
	fail(run(os.Args[1], n))
}

// run starts n workers and stops them when it is told to end.
func run(path string, n int) error {
	socket, err := listen(path)
	if err != nil {
		return err
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT, syscall.SIGTERM)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var workers []*exec.Cmd
	for range n {
		worker := exec.Command(self, "worker")
		worker.Stderr = os.Stderr
		worker.ExtraFiles = []*os.File{socket}
		worker.Env = append(os.Environ(), "GOMAXPROCS=1")
		if err := worker.Start(); err != nil {
			return err
		}
		workers = append(workers, worker)
	}
	<-end
	for _, worker := range workers {
		worker.Process.Kill()
		worker.Wait()
	}
	return os.Remove(path)
}

// listen returns a blocking listening socket.
func listen(path string) (*os.File, error) {
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	syscall.CloseOnExec(fd)
	if err := syscall.Bind(fd, &syscall.SockaddrUnix{Name: path}); err != nil {
		return nil, os.NewSyscallError("bind", err)
	}
	if err := syscall.Listen(fd, 4096); err != nil {
		return nil, os.NewSyscallError("listen", err)
	}
	return os.NewFile(uintptr(fd), path), nil
}

// work answers one connection after another.
func work() error {
	request := make([]byte, 64<<10)
	for {
		conn, _, err := syscall.Accept(inherited)
		if err == syscall.EINTR || err == syscall.ECONNABORTED {
			continue
		}
		if err != nil {
			return os.NewSyscallError("accept", err)
		}
		serve(conn, request)
		syscall.Close(conn)
	}
}

// serve reads one request and answers it. Errors are the client's loss.
func serve(conn int, request []byte) {
	got := 0
	for !bytes.Contains(request[:got], headEnd) {
		n := read(conn, request[got:])
		if n == 0 {
			return
		}
		got += n
	}
	head, body, _ := bytes.Cut(request[:got], headEnd)
	if bytes.HasPrefix(head, []byte("POST ")) {
		for left := bodyLength(head) - len(body); left > 0; {
			n := read(conn, request)
			if n == 0 {
				return
			}
			left -= n
		}
	}
	if bytes.HasPrefix(head, []byte("GET /bytes?n=")) {
		serveBytes(conn, head)
		return
	}
	write(conn, []byte(answer))
}

var headEnd = []byte("\r\n\r\n")

// bodyLength is what Content-Length says, as nginx and HAProxy write it.
func bodyLength(head []byte) int {
	for line := range bytes.Lines(head) {
		if name, value, _ := bytes.Cut(line, []byte(": ")); bytes.EqualFold(name, []byte("Content-Length")) {
			n, _ := strconv.Atoi(string(bytes.TrimSpace(value)))
			return n
		}
	}
	return 0
}

// serveBytes answers with as many bytes as the target asks for.
func serveBytes(conn int, head []byte) {
	target, _, _ := bytes.Cut(head[len("GET /bytes?n="):], []byte(" "))
	n, _ := strconv.Atoi(string(target))
	part := make([]byte, 128<<10)
	first := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", n)
	ok := write(conn, append(first, part[:min(n, len(part))]...))
	for n -= len(part); ok && n > 0; n -= len(part) {
		ok = write(conn, part[:min(n, len(part))])
	}
}

// read returns 0 at the end and after an error.
func read(conn int, b []byte) int {
	for {
		n, err := syscall.Read(conn, b)
		if err != syscall.EINTR {
			return max(0, n)
		}
	}
}

func write(conn int, b []byte) bool {
	for len(b) > 0 {
		n, err := syscall.Write(conn, b)
		if err != nil && err != syscall.EINTR {
			return false
		}
		b = b[max(0, n):]
	}
	return true
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "streamworker:", err)
		os.Exit(1)
	}
}
