//go:build linux

package worker

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestAlone(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envAlone+"=1", "PORT=0")
	stderr, err := cmd.StderrPipe()
	check(t, err)
	check(t, cmd.Start())
	defer cmd.Process.Kill()
	line, err := bufio.NewReader(stderr).ReadString('\n')
	check(t, err)
	words := strings.Fields(line)
	if len(words) < 3 || words[0] != "serving" {
		t.Fatalf("it says %q", line)
	}
	rsp, err := http.Get(words[2] + "/ping")
	check(t, err)
	defer rsp.Body.Close()
	if body := must(io.ReadAll(rsp.Body)); string(body) != "pong" {
		t.Errorf("got %q", body)
	}
	check(t, cmd.Process.Signal(unix.SIGINT))
	if err := cmd.Wait(); err == nil {
		t.Error("interrupted, it ended well")
	}
}
