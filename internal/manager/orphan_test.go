package manager

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

const envServer = "MANAGER_TEST_SERVER"

// playServer is the test binary as a server that will be killed. It prints the
// process ids of its workers.
func playServer() {
	os.Unsetenv(envServer)
	socket, err := sharedsocket.New(sharedsocket.Config{Name: "test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		panic(err)
	}
	m := New(Config{
		Prepare: func(context.Context) (Code, error) {
			return Code{Command: func(title string) *exec.Cmd {
				return &exec.Cmd{Path: os.Args[0], Args: []string{title, "deaf"}}
			}}, nil
		},
		Socket: socket, Name: "test", Workers: 3, Env: os.Environ(),
	})
	if err := m.Start(context.Background()); err != nil {
		panic(err)
	}
	<-m.Ready()
	for _, w := range m.Workers() {
		fmt.Println(w.PID)
	}
	fmt.Println(0)
	time.Sleep(time.Hour)
}

func TestWorkersDieWithTheServer(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("parent-death signals are of Linux")
	}
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), envServer+"=1")
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	var pids []int
	for r := bufio.NewReader(out); ; {
		var pid int
		if _, err := fmt.Fscanln(r, &pid); err != nil {
			t.Fatal(err)
		}
		if pid == 0 {
			break
		}
		pids = append(pids, pid)
	}
	if len(pids) != 3 {
		t.Errorf("workers %d, want three", pids)
	}
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
	for _, pid := range pids {
		for end := time.Now().Add(patience); !dead(pid); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("worker process %d lives on", pid)
			}
		}
	}
}

// dead tells whether a process is gone, or a zombie that waits for init.
func dead(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	return strings.Contains(string(stat), ") Z ")
}
