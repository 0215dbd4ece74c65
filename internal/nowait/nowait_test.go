package nowait

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// pair returns both ends of a socket that do not block.
func pair(t *testing.T, kind int) (a, b int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, kind, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		t.Cleanup(func() { unix.Close(fd) })
		if err := unix.SetNonblock(fd, true); err != nil {
			t.Fatal(err)
		}
	}
	return fds[0], fds[1]
}

func TestStream(t *testing.T) {
	a, b := pair(t, unix.SOCK_STREAM)
	buf := make([]byte, 2*largest)
	if n, err := Receive(b, buf); n > 0 || err != unix.EAGAIN {
		t.Errorf("reading nothing: %d, %v, want EAGAIN", n, err)
	}
	for _, size := range []int{0, 1, 1000, largest, largest + 1} {
		sent := bytes.Repeat([]byte{'a' + byte(size%26)}, size)
		var got []byte
		for rest := sent; len(rest) > 0; {
			n, err := Send(a, rest)
			if err != nil && err != unix.EAGAIN {
				t.Fatal(err)
			}
			rest = rest[max(0, n):]
			if n, err = Receive(b, buf); err != nil {
				t.Fatal(err)
			}
			got = append(got, buf[:n]...)
		}
		for len(got) < size {
			n, err := Receive(b, buf)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, buf[:n]...)
		}
		if !bytes.Equal(got, sent) {
			t.Errorf("of %d bytes %d arrived, or others", size, len(got))
		}
	}
	unix.Close(a)
	if n, err := Receive(b, buf); n != 0 || err != nil {
		t.Errorf("at the end: %d, %v", n, err)
	}
	if _, err := Send(b, buf[:1]); err != unix.EPIPE {
		t.Errorf("writing to a closed socket: %v, want EPIPE", err)
	}
}

// Records stay whole, however large they are.
func TestRecords(t *testing.T) {
	a, b := pair(t, unix.SOCK_SEQPACKET)
	buf := make([]byte, 2*largest)
	for _, size := range []int{1, 100, largest, largest + 1, 2 * largest} {
		if n, err := Send(a, buf[:size]); n != size || err != nil {
			t.Fatalf("%d of %d bytes: %v", n, size, err)
		}
		if n, err := Receive(b, buf); n != size || err != nil {
			t.Errorf("a record of %d bytes arrived as %d, %v", size, n, err)
		}
	}
	var err error
	for range 10000 {
		if _, err = Send(a, buf[:1000]); err != nil {
			break
		}
	}
	if err != unix.EAGAIN {
		t.Errorf("sending to a full socket: %v, want EAGAIN", err)
	}
}

func TestArrival(t *testing.T) {
	var readers, writers [2]*os.File
	for i := range readers {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		defer w.Close()
		readers[i], writers[i] = r, w
	}
	a, err := NewArrival([2]int{int(readers[0].Fd()), int(readers[1].Fd())})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for i := range 2 {
		if a.Any() {
			t.Errorf("something has arrived before anything was written to %d", i)
		}
		if _, err := writers[i].WriteString("x"); err != nil {
			t.Fatal(err)
		}
		for range 2 { // it is not taken by asking
			if !a.Any() {
				t.Errorf("nothing has arrived on %d", i)
			}
		}
		if _, err := readers[i].Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
	}
	writers[0].Close()
	if a.Any() {
		t.Error("an end counts as something to be read")
	}
	writers[1].WriteString("y")
	if !a.Any() {
		t.Error("nothing has arrived on one while the other is at its end")
	}
}

func TestConnect(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for name, want := range map[string]error{path: nil, path + "x": unix.ENOENT, path + strings.Repeat("x", 200): unix.EINVAL, "@" + path: unix.ECONNREFUSED} {
		fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := Connect(fd, name); err != want {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
		unix.Close(fd)
	}
}
