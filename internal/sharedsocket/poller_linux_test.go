package sharedsocket

import (
	"testing"

	"golang.org/x/sys/unix"
)

// A connection is told of once, with bytes or with its end, and its number may
// belong to the next one at once.
func TestPoller(t *testing.T) {
	arrived := make(chan *carrier)
	p := newPoller(func(c *carrier) { arrived <- c })
	if p == nil {
		t.Fatal("no poller")
	}
	defer p.close()
	for round := range 3 {
		for name, rouse := range map[string]func(near, far int){
			"bytes":            func(_, far int) { unix.Write(far, []byte("xy")) },
			"the other's end":  func(_, far int) { unix.Shutdown(far, unix.SHUT_WR) },
			"an end by itself": func(near, _ int) { unix.Shutdown(near, unix.SHUT_RDWR) },
		} {
			fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
			if err != nil {
				t.Fatal(err)
			}
			c := &carrier{fd: fds[0]}
			if !p.add(c) {
				t.Fatalf("round %d, %s: not added", round, name)
			}
			select {
			case <-arrived:
				t.Errorf("round %d, %s: told before anything happened", round, name)
			default:
			}
			rouse(fds[0], fds[1])
			if got := <-arrived; got != c {
				t.Errorf("round %d, %s: told of another", round, name)
			}
			unix.Write(fds[1], []byte("z")) // nobody is told again
			unix.Close(fds[0])
			unix.Close(fds[1])
		}
	}
	if p.add(&carrier{fd: 1 << 10}) {
		t.Error("a descriptor that is not open was added")
	}
}
