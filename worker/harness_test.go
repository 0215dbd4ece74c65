//go:build linux

package worker

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// The tests play the server; the test binary, run again, plays the worker
// (handler_test.go says with which handler).
func TestMain(m *testing.M) {
	if os.Getenv(wire.EnvProtocol) != "" || os.Getenv(envAlone) != "" {
		if err := testApp().Serve(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// envAlone makes the test binary a program that was not started by the server.
const envAlone = "WORKER_TEST_ALONE"

const patience = 20 * time.Second

// server is the server's side of one shared socket.
type server struct {
	t       *testing.T
	stream  bool
	path    string // stream: where the socket is
	send    int    // seqpacket: our end
	workers int    // what workers get as descriptor 3
	ledger  int
	wanted  []byte // the ledger mapped
	lastID  uint64
	seats   int
}

// onBoth runs a test for both types of socket.
func onBoth(t *testing.T, test func(t *testing.T, s *server)) {
	for _, name := range []string{"seqpacket", "stream"} {
		t.Run(name, func(t *testing.T) { test(t, newServer(t, name == "stream")) })
	}
}

func newServer(t *testing.T, stream bool) *server {
	s := &server{t: t, stream: stream, send: -1}
	if stream {
		s.path = filepath.Join(t.TempDir(), "s")
		fd := must(unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0))
		check(t, unix.Bind(fd, &unix.SockaddrUnix{Name: s.path}))
		check(t, unix.Listen(fd, 100))
		s.workers = fd
	} else {
		fds := must(unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0))
		s.send, s.workers = fds[0], fds[1]
	}
	s.ledger = must(unix.MemfdCreate("ledger", unix.MFD_CLOEXEC))
	check(t, unix.Ftruncate(s.ledger, wire.LedgerSize))
	s.wanted = must(unix.Mmap(s.ledger, 0, wire.LedgerSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED))
	t.Cleanup(func() {
		s.close()
		unix.Close(s.workers)
		unix.Close(s.ledger)
		_ = unix.Munmap(s.wanted)
	})
	return s
}

// close is the death of the server, as far as the shared socket shows it.
func (s *server) close() {
	if s.send >= 0 {
		unix.Close(s.send)
		s.send = -1
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hand is a worker process.
type hand struct {
	s       *server
	seat    int
	cmd     *exec.Cmd
	replies *os.File
	row     []byte
	dead    chan struct{}

	mu     sync.Mutex
	stderr bytes.Buffer
}

func (h *hand) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stderr.Write(b)
}

func (h *hand) said(text string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Contains(h.stderr.String(), text)
}

// hire starts a worker of the test binary and waits until it is ready.
func (s *server) hire(env ...string) *hand {
	s.t.Helper()
	return s.hireCommand(exec.Command(os.Args[0]), env...)
}

func (s *server) hireCommand(cmd *exec.Cmd, env ...string) *hand {
	s.t.Helper()
	h := &hand{s: s, seat: s.seats, cmd: cmd, dead: make(chan struct{})}
	s.seats++
	fds := must(unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0))
	check(s.t, unix.SetNonblock(fds[0], true))
	h.replies = os.NewFile(uintptr(fds[0]), "replies")
	row := must(unix.MemfdCreate("row", unix.MFD_CLOEXEC))
	check(s.t, unix.Ftruncate(row, wire.RowSize))
	h.row = must(unix.Mmap(row, 0, wire.RowSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED))
	kind := "seqpacket"
	if s.stream {
		kind = "stream"
	}
	h.cmd.Env = append(os.Environ(),
		wire.EnvProtocol+"=1",
		wire.EnvSocket+"="+kind,
		wire.EnvWorker+"="+strconv.Itoa(h.seat+1),
		wire.EnvLeave+"="+strconv.Itoa(wire.LeaveOffset(h.seat)),
		wire.EnvSlots+"="+strconv.Itoa(wire.LedgerSlots))
	h.cmd.Env = append(h.cmd.Env, env...)
	ledger := must(unix.Open("/proc/self/fd/"+strconv.Itoa(s.ledger), unix.O_RDONLY|unix.O_CLOEXEC, 0))
	for _, fd := range []int{must(unix.FcntlInt(uintptr(s.workers), unix.F_DUPFD_CLOEXEC, 0)), fds[1], row, ledger} {
		h.cmd.ExtraFiles = append(h.cmd.ExtraFiles, os.NewFile(uintptr(fd), "inherited"))
	}
	h.cmd.Stdout, h.cmd.Stderr = h, h
	err := h.cmd.Start()
	for _, f := range h.cmd.ExtraFiles {
		f.Close()
	}
	check(s.t, err)
	go func() {
		_ = h.cmd.Wait()
		close(h.dead)
	}()
	s.t.Cleanup(func() {
		_ = h.cmd.Process.Kill()
		<-h.dead
		h.replies.Close()
		_ = unix.Munmap(h.row)
		if s.t.Failed() {
			s.t.Logf("worker %d wrote:\n%s", h.seat+1, h.stderr.String())
		}
	})
	if r := h.next(); r.Type != wire.TypeReady {
		s.t.Fatalf("the first record has type %d, want ready", r.Type)
	}
	return h
}

// next returns the next record of a worker.
func (h *hand) next() wire.Reply {
	h.s.t.Helper()
	check(h.s.t, h.replies.SetReadDeadline(time.Now().Add(patience)))
	b := make([]byte, wire.MaxRecord+1)
	n, err := h.replies.Read(b)
	if err != nil {
		h.s.t.Fatalf("no record from worker %d: %v", h.seat+1, err)
	}
	r, err := wire.ParseReply(b[:n])
	if err != nil || n > wire.MaxRecord {
		h.s.t.Fatalf("%d bytes that are no record: %q", n, b[:min(n, 200)])
	}
	return r
}

// exit waits until the worker has exited and returns its exit status.
func (h *hand) exit() int {
	h.s.t.Helper()
	select {
	case <-h.dead:
	case <-time.After(patience):
		h.s.t.Fatalf("worker %d does not exit", h.seat+1)
	}
	return h.cmd.ProcessState.ExitCode()
}

func (h *hand) claimed() uint64 { return wire.Load(h.row, wire.RowClaim) }
func (h *hand) done() uint64    { return wire.Load(h.row, wire.RowDone) }
func (h *hand) leave()          { wire.Store(h.s.wanted, wire.LeaveOffset(h.seat), 1) }

// eventually waits for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// call is one request and its connection, on the stream type.
type call struct {
	s    *server
	slot uint32
	id   uint64
	head bool
	conn *os.File
}

// unwanted makes the ledger say something else than the id of a request.
type unwanted uint64

// submit sends a request. The options are a body ([]byte or string), a path of
// a file with the body (bodyFile), missing, further fields (fields), unwanted.
func (s *server) submit(method, target string, options ...any) *call {
	s.t.Helper()
	s.lastID++
	c := &call{s: s, slot: uint32(s.lastID % 100), id: s.lastID<<13 | s.lastID%100, head: method == "HEAD"}
	want, more, path := c.id, "", ""
	var body []byte
	for _, option := range options {
		switch o := option.(type) {
		case string:
			body = []byte(o)
		case []byte:
			body = o
		case fields:
			more = string(o)
		case bodyFile:
			path = string(o)
			body = must(os.ReadFile(path))
		case missing:
			path += ".none"
		case unwanted:
			want = uint64(o)
		}
	}
	wire.Store(s.wanted, wire.SlotOffset(c.slot), want)
	head := method + " " + target + " HTTP/1.1\r\nHost: example.org\r\nX-Forwarded-For: 192.0.2.7\r\n" + more
	if len(body) > 0 {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	if !s.stream {
		head += "\r\n"
		b := make([]byte, wire.RequestPrefix, wire.MaxRecord)
		var flags byte
		if path != "" {
			flags, body = wire.FlagBodyFile, []byte(path)
		}
		wire.PutRequestPrefix(b, flags, 1, c.slot, c.id, len(head))
		b = append(append(b, head...), body...)
		check(s.t, unix.Send(s.send, b, unix.MSG_NOSIGNAL))
		return c
	}
	fd := must(unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0))
	check(s.t, unix.Connect(fd, &unix.SockaddrUnix{Name: s.path}))
	check(s.t, unix.SetNonblock(fd, true))
	c.conn = os.NewFile(uintptr(fd), "connection")
	s.t.Cleanup(func() { c.conn.Close() })
	head += fmt.Sprintf("%s: %d 1 %d\r\n\r\n", wire.HeaderRequest, c.slot, c.id)
	check(s.t, c.conn.SetDeadline(time.Now().Add(patience)))
	if _, err := io.Copy(c.conn, io.MultiReader(strings.NewReader(head), bytes.NewReader(body))); err != nil {
		s.t.Fatal(err)
	}
	return c
}

type (
	fields   string
	bodyFile string
	missing  struct{} // the file with the body is not there
)

// cancel says that the client has gone.
func (c *call) cancel() {
	wire.Store(c.s.wanted, wire.SlotOffset(c.slot), c.id|wire.Cancelled)
}
