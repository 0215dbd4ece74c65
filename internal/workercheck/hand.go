package workercheck

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
)

// closedReplies is what the shared socket says of a worker that lives on without
// its reply socket, or of which it does not know yet that it is dead.
const closedReplies = "closed its reply socket"

// patience is how often that may be said of a worker.
const patience = 5

// lastWords is how long the output of a dead worker is waited for.
const lastWords = time.Second

// hand is one worker process.
type hand struct {
	b      *bench
	number int
	seat   *sharedsocket.Seat
	cmd    *exec.Cmd
	row    []byte // mapped, to look at
	shared int    // the shared socket as the worker has it
	out    tail
	dead   chan struct{}
	read   chan struct{} // closed when all that it printed was read

	mu       sync.Mutex
	ready    bool
	spent    bool
	closed   int      // how often it was said that its reply socket is closed
	faults   []string // what it did wrong
	finals   uint64   // final records of replies
	given    []uint64 // ids that it gave back
	finished map[uint64]bool
}

// start starts a worker.
func (b *bench) start(env ...string) (*hand, error) {
	h := &hand{b: b, number: len(b.hands) + 1, shared: -1, dead: make(chan struct{}), read: make(chan struct{}), finished: map[uint64]bool{}}
	b.mu.Lock()
	b.hands = append(b.hands, h)
	b.mu.Unlock()
	var err error
	if h.seat, err = b.socket.Join(h.number, h.event); err != nil {
		return nil, err
	}
	files := h.seat.Files()
	row := files[wire.FDRow-wire.FDRequests]
	if h.row, err = unix.Mmap(int(row.Fd()), 0, wire.RowSize, unix.PROT_READ, unix.MAP_SHARED); err != nil {
		return nil, err
	}
	if h.shared, err = unix.FcntlInt(files[0].Fd(), unix.F_DUPFD_CLOEXEC, 0); err != nil {
		return nil, err
	}
	h.cmd = b.o.Command()
	h.cmd.Env = append(append(append([]string(nil), b.o.Env...), h.seat.Env()...), env...)
	h.cmd.ExtraFiles = files
	output, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	h.cmd.Stdout, h.cmd.Stderr = write, write // files, so that Wait waits for the process alone
	h.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = h.cmd.Start()
	h.seat.Started()
	write.Close()
	if err != nil {
		output.Close()
		return nil, err
	}
	go func() {
		defer close(h.read)
		defer output.Close()
		_, _ = io.Copy(&h.out, output)
	}()
	go func() {
		_ = h.cmd.Wait() // ProcessState says how it ended
		close(h.dead)
		h.seat.Gone()
	}()
	return h, nil
}

// end kills the process and what it started, and waits for it.
func (h *hand) end() {
	if h.cmd != nil && h.cmd.Process != nil {
		_ = syscall.Kill(-h.cmd.Process.Pid, syscall.SIGKILL)
		<-h.dead
		<-h.seat.Resolved()
		select {
		case <-h.read:
		case <-time.After(lastWords): // a process that it started has its output still
		}
	} else if h.seat != nil {
		h.seat.Started()
		h.seat.Gone()
		<-h.seat.Resolved()
	}
	if h.row != nil {
		_ = unix.Munmap(h.row)
		h.row = nil
	}
	if h.shared >= 0 {
		unix.Close(h.shared)
	}
}

func (h *hand) event(e sharedsocket.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch e.Kind {
	case sharedsocket.EventReady:
		h.ready = true
	case sharedsocket.EventSpent:
		h.spent = true
	case sharedsocket.EventMisbehaved:
		if e.Reason == closedReplies && h.closed < patience {
			h.closed++ // it is told once a second; on a busy machine the end of a process takes its time
			return
		}
		h.fault("it %s", e.Reason)
	case sharedsocket.EventHung:
		h.fault("it held a request for too long")
	}
}

// fault notes what the worker did wrong, once. Called under mu.
func (h *hand) fault(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(h.faults, text) {
		h.faults = append(h.faults, text)
	}
}

// problem returns what the worker did wrong so far.
func (h *hand) problem() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.faults) == 0 {
		return nil
	}
	return errors.New(strings.Join(h.faults, "; "))
}

func (h *hand) becomesReady() error {
	err := h.b.await(func() bool { return h.saidReady() || h.isDead() })
	switch {
	case h.problem() != nil:
		return h.problem()
	case !h.saidReady() && h.isDead():
		return fmt.Errorf("%w: %s", errRefuses, h.cmd.ProcessState)
	case err != nil:
		return errors.New("it did not say in time that it is ready (a record of type 4 on descriptor 4)")
	}
	return nil
}

func (h *hand) saidReady() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ready
}

func (h *hand) isSpent() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.spent
}

func (h *hand) isDead() bool {
	select {
	case <-h.dead:
		return true
	default:
		return false
	}
}

// claim returns the id that the worker's row holds, count how many requests it
// has run by its row.
func (h *hand) claim() uint64 { return wire.Load(h.row, wire.RowClaim) }
func (h *hand) count() uint64 { return wire.Load(h.row, wire.RowDone) }

// settled returns what is wrong with a worker that has nothing to do.
func (h *hand) settled() error {
	if err := h.problem(); err != nil {
		return err
	}
	want := func() uint64 {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.finals
	}
	if h.isDead() || h.b.kind == sharedsocket.Stream {
		return nil // what it had counted is looked at where it is known
	}
	if err := h.b.await(func() bool { return h.count() == want() && h.claim() == 0 || h.isDead() }); err != nil {
		return fmt.Errorf("with nothing to do its row has the claim %d and the count %d, after %d final records", h.claim(), h.count(), want())
	}
	return h.problem()
}

// exits waits until the worker has ended by itself.
func (h *hand) exits(why string) error {
	if err := h.b.await(h.isDead); err != nil {
		return fmt.Errorf("it does not exit %s", why)
	}
	return nil
}

// exitsWell also wants status 0, or the end by SIGTERM where that was sent.
func (h *hand) exitsWell(why string, termed bool) error {
	if err := h.exits(why); err != nil {
		return err
	}
	status, _ := h.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Exited() && status.ExitStatus() == 0 || termed && status.Signaled() && status.Signal() == syscall.SIGTERM {
		return nil
	}
	return fmt.Errorf("its end %s: %s", why, h.cmd.ProcessState)
}

// signal sends a signal. That the process has just ended is no error.
func (h *hand) signal(sig syscall.Signal) error {
	if err := h.cmd.Process.Signal(sig); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}
