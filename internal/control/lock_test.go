package control

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// claimantVariable holds the run folder for a process that plays a server.
const claimantVariable = "CONTROL_TEST_CLAIMANT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(claimantVariable); dir != "" {
		playClaimant(dir)
		return
	}
	os.Exit(m.Run())
}

// playClaimant waits for a line, claims the name, says how that went and lives
// until its standard input ends.
func playClaimant(dir string) {
	in := bufio.NewReader(os.Stdin)
	_, _ = in.ReadString('\n')
	_, err := Claim(dir, "app")
	var running *RunningError
	switch {
	case err == nil:
		fmt.Println("won")
	case errors.As(err, &running):
		fmt.Println("lost")
	default:
		fmt.Println(err)
	}
	_, _ = io.Copy(io.Discard, in)
}

type claimant struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startClaimant(t *testing.T, dir string) *claimant {
	t.Helper()
	c := &claimant{cmd: exec.Command(os.Args[0])}
	// The race detector would let each process linger for a second.
	c.cmd.Env = append(os.Environ(), claimantVariable+"="+dir, "GORACE=atexit_sleep_ms=0")
	c.cmd.Stderr = os.Stderr
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.in.Close()
		_ = c.cmd.Wait()
	})
	return c
}

func (c *claimant) claim(t *testing.T) {
	t.Helper()
	if _, err := io.WriteString(c.in, "\n"); err != nil {
		t.Fatal(err)
	}
}

func (c *claimant) verdict(t *testing.T) string {
	t.Helper()
	line, err := c.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

func TestOneOfManyClaims(t *testing.T) {
	dir := t.TempDir()
	var all []*claimant
	for range 12 {
		all = append(all, startClaimant(t, dir))
	}
	asking := make(chan struct{})
	defer close(asking)
	go func() { // who only asks must not make anybody lose
		tick := time.NewTicker(100 * time.Microsecond)
		defer tick.Stop()
		for {
			select {
			case <-asking:
				return
			case <-tick.C:
				_, _ = held(dir, "app")
			}
		}
	}()
	for _, c := range all {
		c.claim(t)
	}
	var winners []*claimant
	for _, c := range all {
		switch v := c.verdict(t); v {
		case "won":
			winners = append(winners, c)
		case "lost":
		default:
			t.Errorf("a claim: %s", v)
		}
	}
	if len(winners) != 1 {
		t.Fatalf("%d of %d claims won, want 1", len(winners), len(all))
	}

	winner := winners[0].cmd.Process
	_, err := Claim(dir, "app")
	running, ok := errors.AsType[*RunningError](err)
	if !ok || running.Name != "app" || running.PID != winner.Pid {
		t.Errorf("claim of a taken name: %v, want process %d", err, winner.Pid)
	}
	if other, err := Claim(dir, "other"); err != nil {
		t.Errorf("claim of another name: %v", err)
	} else {
		other.Release()
	}

	// Death without a farewell frees the name.
	if err := winner.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = winner.Wait()
	lock, err := Claim(dir, "app")
	if err != nil {
		t.Fatalf("claim after the owner was killed: %v", err)
	}
	if running, err := held(dir, "app"); err != nil || !running {
		t.Errorf("held = %v, %v while it is", running, err)
	}
	lock.Release()
	if running, err := held(dir, "app"); err != nil || running {
		t.Errorf("held = %v, %v after Release", running, err)
	}
}

func TestChildDoesNotInheritTheLock(t *testing.T) {
	dir := t.TempDir()
	lock, err := Claim(dir, "app")
	if err != nil {
		t.Fatal(err)
	}
	child := startClaimant(t, dir)
	lock.Release()
	child.claim(t)
	if v := child.verdict(t); v != "won" {
		t.Errorf("the child's claim: %s", v)
	}
}
