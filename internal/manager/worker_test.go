package manager

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// The test binary plays the worker: the first argument says how it starts, the
// body of a request what it does.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv(wire.EnvProtocol) != "":
		play(os.Args[1])
	case os.Getenv(envServer) != "":
		playServer()
	}
	os.Exit(m.Run())
}

func play(how string) {
	for fd := wire.FDRequests; fd <= wire.FDLedger; fd++ {
		syscall.CloseOnExec(fd)
	}
	how, arg, _ := strings.Cut(how, " ")
	switch how {
	case "exit":
		fmt.Println("about to fail")
		fmt.Fprintln(os.Stderr, "no database")
		os.Exit(3)
	case "sleep":
		time.Sleep(time.Hour)
	case "slow":
		ms, _ := strconv.Atoi(arg)
		time.Sleep(time.Duration(ms) * time.Millisecond)
	case "when":
		waitFor(arg)
	case "exit-if":
		if _, err := os.Stat(arg); err == nil {
			os.Exit(3)
		}
	case "exit-late-if": // as it was at the start
		_, err := os.Stat(arg)
		_ = os.WriteFile(arg+".seen", nil, 0o600)
		waitFor(arg + ".go-on")
		if err == nil {
			os.Exit(3)
		}
	case "one-deaf": // the others fail
		if os.Getenv(wire.EnvWorker) != "1" {
			waitFor(arg)
			os.Exit(3)
		}
		signal.Ignore(syscall.SIGTERM)
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
	case "large":
		keep(arg)
	case "child": // one in the process group, one that has left it; both hold the output open
		start("sleep", "1000")
		start("setsid", "sleep", "3")
	}
	row, err := unix.Mmap(wire.FDRow, 0, wire.RowSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	ledger, err := unix.Mmap(wire.FDLedger, 0, wire.LedgerSize, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	put(wire.Reply{Type: wire.TypeReady}, "", "")
	if how == "die-ready" {
		fmt.Fprintln(os.Stderr, "ready, but not for long")
		if arg != "" { // what holds the output open: the death is told late
			start("setsid", "sleep", arg)
		}
		os.Exit(4)
	}
	leave, _ := strconv.Atoi(os.Getenv(wire.EnvLeave))
	limit, _ := strconv.Atoi(os.Getenv(wire.EnvMaxRequests))
	buf := make([]byte, wire.MaxRecord)
	for done := 0; limit == 0 || done < limit; {
		n, err := syscall.Read(wire.FDRequests, buf)
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			os.Exit(0)
		}
		r, err := wire.ParseRequest(buf[:n])
		if err != nil {
			panic(err)
		}
		wire.Store(row, wire.RowClaim, r.ID)
		if wire.Load(ledger, wire.SlotOffset(r.Slot)) != r.ID || wire.Load(ledger, leave) != 0 {
			wire.Store(row, wire.RowClaim, 0)
			put(wire.Reply{Type: wire.TypeGivenBack, Slot: r.Slot, ID: r.ID}, "", "")
			continue
		}
		done++
		answer := wire.Reply{Type: wire.TypeReply, Flags: wire.FlagFinal, Slot: r.Slot, ID: r.ID}
		if done == limit {
			answer.Flags |= wire.FlagSpent
		}
		put(answer, "HTTP/1.1 200 OK\r\n\r\n", serve(how, string(r.Rest)))
		wire.Store(row, wire.RowDone, uint64(done))
		wire.Store(row, wire.RowClaim, 0)
		if wire.Load(ledger, leave) != 0 {
			os.Exit(0)
		}
	}
	time.Sleep(time.Hour)
}

func serve(how, what string) string {
	what, arg, _ := strings.Cut(what, " ")
	switch what {
	case "die":
		fmt.Fprintln(os.Stderr, "panic: dying of", arg)
		os.Exit(5)
	case "hang":
		time.Sleep(time.Hour)
	case "sleep":
		ms, _ := strconv.Atoi(arg)
		time.Sleep(time.Duration(ms) * time.Millisecond)
	case "spin":
		for end := time.Now().Add(time.Hour); time.Now().Before(end); {
		}
	case "until":
		waitFor(arg)
	case "print":
		n, _ := strconv.Atoi(arg)
		for i := range n {
			fmt.Println("line", i)
		}
	case "keep":
		mb, file, _ := strings.Cut(arg, " ")
		keep(mb)
		if file != "" {
			waitFor(file)
		}
	case "shutdown":
		_ = syscall.Shutdown(wire.FDRequests, syscall.SHUT_RDWR)
	case "reload": // or say why not
		put(wire.Reply{Type: wire.TypeReloaded}, "", arg)
	case "nonsense":
		_, _ = syscall.Write(wire.FDReplies, []byte("nonsense"))
	}
	return how + " " + strconv.Itoa(os.Getpid())
}

var kept [][]byte

// keep makes that many MiB of memory resident.
func keep(mb string) {
	n, _ := strconv.Atoi(mb)
	b := make([]byte, n<<20)
	for i := 0; i < len(b); i += 4096 {
		b[i] = 1
	}
	kept = append(kept, b)
}

// waitFor returns when there is a file.
func waitFor(file string) {
	for {
		if _, err := os.Stat(file); err == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func start(name string, args ...string) {
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	fmt.Println("child", cmd.Process.Pid)
}

func put(r wire.Reply, head, body string) {
	b := make([]byte, wire.ReplyPrefix, wire.ReplyPrefix+len(head)+len(body))
	r.Put(b, len(head))
	b = append(append(b, head...), body...)
	if _, err := syscall.Write(wire.FDReplies, b); err != nil {
		os.Exit(0)
	}
}
