package server

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/config"
)

// loadHTTP makes a Config that listens as http says.
func loadHTTP(t *testing.T, http string, environ ...string) *config.Config {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "app"), 0o700); err != nil {
		t.Fatal(err)
	}
	args := []string{filepath.Join(dir, "app")}
	if http != "" {
		args = append(args, "http:"+http)
	}
	cfg, err := config.Load(args, append(environ, "RIP_RUN_DIR="+filepath.Join(dir, "run"), "RIP_CACHE_DIR="+dir))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// A free port is the same one on all addresses, and an address means itself.
func TestListenAll(t *testing.T) {
	for http, want := range map[string]string{
		"0":           "127.0.0.1 ::1",
		"localhost:0": "127.0.0.1 ::1",
		"127.0.0.1:0": "127.0.0.1",
		"0.0.0.0:0":   "0.0.0.0",
		"*:0":         "::",
	} {
		listeners, err := listenAll(loadHTTP(t, http))
		if err != nil {
			t.Errorf("%s: %v", http, err)
			continue
		}
		var hosts []string
		for _, l := range listeners {
			at := l.Addr().(*net.TCPAddr)
			hosts = append(hosts, at.IP.String())
			if at.Port != listeners[0].Addr().(*net.TCPAddr).Port {
				t.Errorf("%s: two ports, %s and %s", http, listeners[0].Addr(), at)
			}
			l.Close()
		}
		got := strings.Join(hosts, " ")
		// A machine may have no IPv6.
		if got != want && got != strings.TrimSuffix(want, " ::1") && (want != "::" || got != "0.0.0.0") {
			t.Errorf("%s: listens on %s, want %s", http, got, want)
		}
	}
}

// Who gave the port is told when it cannot be had.
func TestPortInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	for _, test := range []struct {
		cfg  *config.Config
		text string
	}{
		{loadHTTP(t, fmt.Sprint(port)), fmt.Sprintf("http:%d: port %d is in use by another process", port, port)},
		{loadHTTP(t, "", fmt.Sprint("PORT=", port)), fmt.Sprintf("PORT=%d: port %d is in use by another process", port, port)},
		{loadHTTP(t, fmt.Sprintf("192.0.2.1:%d", port)), fmt.Sprintf("http:192.0.2.1:%d: this machine has no address 192.0.2.1", port)},
	} {
		_, err := listenAll(test.cfg)
		p, ok := errors.AsType[*config.Problem](err)
		if !ok || p.Text != test.text || p.Hint == "" || p.Usage {
			t.Errorf("%#v, want %q", err, test.text)
		}
	}
}

func TestReach(t *testing.T) {
	const (
		machine = "this machine alone can reach it; http:*:PORT or --env=production opens it"
		all     = "on all interfaces; http:localhost:PORT closes it"
	)
	for host, want := range map[string]string{
		"localhost": machine, "127.0.0.1": machine, "::1": machine, "127.1.2.3": machine,
		"*": all, "0.0.0.0": all, "::": all,
		"192.0.2.1": "at this address alone",
	} {
		if got := reach(host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}

// A connection costs no system calls for keep-alive probes, and one whose client
// reads nothing little of the kernel's memory.
func TestConnectionsAreCheap(t *testing.T) {
	listeners, err := listenAll(loadHTTP(t, "127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer listeners[0].Close()
	client, err := net.Dial("tcp", listeners[0].Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	accepted, err := listeners[0].Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	raw, err := accepted.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		if on, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_KEEPALIVE); err != nil || on != 0 {
			t.Errorf("SO_KEEPALIVE is %d, %v", on, err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "linux" {
		return // the listening socket may not hand on what is set on it
	}
	if err := client.(*net.TCPConn).SetReadBuffer(1); err != nil {
		t.Fatal(err)
	}
	taken := 0
	if err := raw.Write(func(fd uintptr) bool {
		for {
			n, err := unix.Write(int(fd), make([]byte, 64<<10))
			if err != nil {
				return true
			}
			taken += n
		}
	}); err != nil {
		t.Fatal(err)
	}
	if most := 1 << 20; taken > most {
		t.Errorf("the kernel took %d bytes for a client that reads nothing, want at most %d", taken, most)
	}
}
