package sharedsocket

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func inode(t *testing.T, c net.Conn) uint32 {
	t.Helper()
	raw, err := c.(*net.UnixConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var n uint32
	if err := raw.Control(func(fd uintptr) { n = inodeOf(int(fd)) }); err != nil || n == 0 {
		t.Fatalf("inode %d, %v", n, err)
	}
	return n
}

func TestPeer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	opened, address := door(path)
	defer unix.Close(opened)
	if err := os.Remove(path); err != nil { // as a program may
		t.Fatal(err)
	}
	client, err := net.Dial("unix", address)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var d diag
	defer d.close()
	if got, err := d.peer(inode(t, client)); got != 0 || err != nil {
		t.Errorf("before it is accepted: %d, %v", got, err)
	}
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	want := inode(t, accepted)
	if got, err := d.peer(inode(t, client)); got != want || err != nil {
		t.Errorf("accepted: %d, %v, want %d", got, err, want)
	}
	held := 0
	sockets(os.Getpid(), func(inode uint32) {
		if inode == want {
			held++
		}
	})
	if held != 1 {
		t.Errorf("this process holds it %d times", held)
	}
	mine := inode(t, client)
	accepted.Close()
	if got, err := d.peer(mine); got != 0 || err != nil && !errors.Is(err, unix.ENOENT) {
		t.Errorf("closed by the other end: %d, %v", got, err)
	}
	client.Close()
	if _, err := d.peer(mine); !errors.Is(err, unix.ENOENT) {
		t.Errorf("closed: %v", err)
	}
}

func TestParseDiag(t *testing.T) {
	answer := make([]byte, diagAnswer)
	for name, test := range map[string]struct {
		attributes []byte
		peer       uint32
		err        error
	}{
		"none":          {nil, 0, unix.ENOENT},
		"half a header": {[]byte{8, 0}, 0, unix.ENOENT},
		"no length":     {[]byte{0, 0, 2, 0, 1, 0, 0, 0}, 0, unix.ENOENT},
		"too long":      {[]byte{12, 0, 2, 0, 1, 0, 0, 0}, 0, unix.ENOENT},
		"peer":          {[]byte{8, 0, 2, 0, 1, 2, 0, 0}, 0x201, nil},
		"after another": {[]byte{5, 0, 6, 0, 1, 0, 0, 0, 8, 0, 2, 0, 7, 0, 0, 0}, 7, nil},
		"short peer":    {[]byte{5, 0, 2, 0, 1}, 0, unix.ENOENT},
	} {
		if peer, err := parseDiag(slices.Concat(answer, test.attributes)); peer != test.peer || err != test.err {
			t.Errorf("%s: %d, %v", name, peer, err)
		}
	}
}

func TestFamily(t *testing.T) {
	cmd := exec.Command("sh", "-c", "sleep 300 & echo started; wait")
	cmd.SysProcAttr = &unix.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := cmd.Process.Pid
	var line string
	if _, err := fmt.Fscan(out, &line); err != nil {
		t.Error(err)
	}
	if all := family(os.Getpid()); !slices.Contains(all, pid) || all[0] != os.Getpid() {
		t.Errorf("the family of this process is %v, and has no %d", all, pid)
	}
	if all := family(pid); len(all) != 2 || exiting(all[1]) {
		t.Errorf("the family of the shell is %v", all)
	}
	if exiting(pid) {
		t.Error("it counts as dead")
	}
	if err := unix.Kill(-pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); !exiting(pid); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the zombie counts as alive")
		}
	}
	_ = cmd.Wait()
	if !exiting(pid) {
		t.Error("what is gone counts as alive")
	}
}
