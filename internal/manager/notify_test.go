package manager

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// notifyDir returns a folder for sockets, in one whose path leaves room for them.
func notifyDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rip-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "app.notify")
}

func TestNotify(t *testing.T) {
	n := notifySockets{dir: notifyDir(t)}
	if err := os.MkdirAll(filepath.Join(n.dir, "left"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := n.open(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(n.dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(n.dir); len(entries) != 0 {
		t.Errorf("it is not empty: %v", entries)
	}
	socket, err := n.listen()
	if err != nil {
		t.Fatal(err)
	}
	ready := make(chan bool, 10)
	read := make(chan bool)
	go func() {
		defer close(read)
		socket.read(func() { ready <- true })
	}()
	c, err := net.Dial("unixgram", socket.path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, text := range []string{
		"STATUS=loads\nREADY=0", "", "\n", "READY=10", "XREADY=1", "READY=1x", strings.Repeat("x", 10_000),
		"READY=1", "STATUS=up\nREADY=1\n",
	} {
		if _, err := c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		select {
		case <-ready:
		case <-time.After(patience):
			t.Fatal("it is not ready")
		}
	}
	socket.close()
	<-read
	if len(ready) != 0 {
		t.Error("it was ready too often")
	}
	n.close()
	if _, err := os.Stat(n.dir); !os.IsNotExist(err) {
		t.Errorf("the folder is left: %v", err)
	}
}

func TestNotifyPathTooLong(t *testing.T) {
	n := notifySockets{dir: "/" + strings.Repeat("x", 100)}
	if err := n.open(); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("error %v", err)
	}
}

func TestVariablesOfASupervisor(t *testing.T) {
	for _, variable := range []string{"LISTEN_PID=1", "NOTIFY_SOCKET=/x", "WATCHDOG_USEC=1", "RIP_PROTOCOL=1", "RIP_SLOTS=1"} {
		if !isForSupervisor(variable) {
			t.Errorf("%s is kept", variable)
		}
	}
	for _, variable := range []string{"LISTEN_FDS=1", "PATH=/bin", "RIP_ENV=production", "NOTIFY_SOCKETS=1", "x"} {
		if isForSupervisor(variable) {
			t.Errorf("%s is dropped", variable)
		}
	}
}
