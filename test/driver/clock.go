package driver

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// jumpingTime is a part of package time in which the wall clock is a day ahead
// or behind when a file says so. The monotonic clock is not touched.
const jumpingTime = `package time

import "syscall"

// wall is the file, mapped: timers ask for the time where no system call may be made.
var wall []byte

func init() {
	name, ok := syscall.Getenv("RIP_TEST_CLOCK")
	if !ok {
		return
	}
	fd, err := syscall.Open(name, syscall.O_RDONLY, 0)
	if err != nil {
		panic(err)
	}
	if wall, err = syscall.Mmap(fd, 0, 1, syscall.PROT_READ, syscall.MAP_SHARED); err != nil {
		panic(err)
	}
	syscall.Close(fd)
}

func jumped() int64 {
	switch {
	case wall == nil:
	case wall[0] == '+':
		return 86400
	case wall[0] == '-':
		return -86400
	}
	return 0
}
`

// jumping is the program under test with another clock.
var jumping struct {
	once sync.Once
	path string
	err  error
}

// buildJumping builds it, once. It takes a while: the standard library has to be
// compiled anew.
func buildJumping() (program string, err error) {
	jumping.once.Do(func() { jumping.path, jumping.err = compileJumping() })
	return jumping.path, jumping.err
}

func compileJumping() (program string, err error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", err
	}
	original := filepath.Join(strings.TrimSpace(string(root)), "src", "time")
	text, err := os.ReadFile(filepath.Join(original, "time.go"))
	if err != nil {
		return "", err
	}
	const now = "sec, nsec, mono := runtimeNow()\n"
	if !strings.Contains(string(text), now) {
		return "", errors.New("package time is not as it was")
	}
	dir := filepath.Join(built.dir, "clock")
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {
		filepath.Join(original, "time.go"): filepath.Join(dir, "time.go"),
		filepath.Join(original, "jump.go"): filepath.Join(dir, "jump.go"),
	}})
	if err != nil {
		return "", err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	for name, text := range map[string]string{
		"time.go":      strings.ReplaceAll(string(text), now, now+"\tsec += jumped()\n"),
		"jump.go":      jumpingTime,
		"overlay.json": string(overlay),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	program = filepath.Join(dir, "rip-server")
	cmd := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, "./cmd/rip-server")
	cmd.Dir = built.root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return program, nil
}

// SetClock makes the server's wall clock run a day ahead ('+'), a day behind
// ('-'), or right (' '). See Options.Clock.
func (s *Server) SetClock(to byte) {
	s.t.Helper()
	f, err := os.OpenFile(s.clockPath(), os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteAt([]byte{to}, 0)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		s.Fatalf("clock: %v", err)
	}
}

func (s *Server) clockPath() string { return filepath.Join(s.dir, "clock") }
