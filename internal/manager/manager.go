// Package manager runs the worker processes of an app: it starts them, knows
// when they are ready, replaces those that are spent, hung, dead or of an old
// generation, and ends them, so that nothing in flight is lost.
//
// One goroutine (loop) owns the workers. Everything else, the public methods
// included, sends it messages.
package manager

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"sync"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// ErrStopped is returned when there is no manager running to do what was asked.
var ErrStopped = errors.New("the server is stopping")

// Config is what a Manager is made from.
type Config struct {
	// Prepare makes the app's code ready to run, and builds it when there is
	// something to build. It is called once at a time.
	Prepare func(context.Context) (Code, error)

	Socket      *sharedsocket.Socket
	Name        string // of the app
	Workers     int    // how many are kept ready
	MaxRequests int    // requests of one worker, 0 = no end
	MaxReloads  int    // reloads in one worker, 0 = no end

	// Resident bytes of one worker, 0 = no end. Beyond MaxMemory it is replaced
	// after the request that crossed it, beyond MaxMemoryHard it is killed.
	MaxMemory     int64
	MaxMemoryHard int64

	// NotifyDir says that workers are programs that adopt the shared socket, see
	// sharedsocket.Config.Adopted, and names the folder of the sockets on which
	// they tell that they are ready. It is made, and removed in the end.
	NotifyDir string

	HotReload    string        // for workers
	DrainTimeout time.Duration // how long a worker that has to go may still run the request it holds
	Env          []string      // the whole environment of workers, to which the protocol's is added
	Log          *slog.Logger  // gets one line per event; nil = none

	// Output gets every line that a worker prints, with the label of the
	// request that it ran meanwhile ("" = none). It is called from several
	// goroutines at a time and may take its time; what comes too fast for it is
	// dropped and counted in Log. nil = output is thrown away.
	Output func(worker int, label string, line []byte)

	// Crashed is told of every worker that died while it ran a request, or hung
	// in it, once the process is gone. It must not block. nil = nobody is told.
	Crashed func(Crash)
}

// Code is one version of the app that is ready to run.
type Code struct {
	// ID names the version: two of the same ID are the very same code, started
	// in the same way. "" = it cannot be told.
	ID string

	Command func(title string) *exec.Cmd // a fresh command for one worker; the title is for ps
	Release func()                       // called when no worker of this code is left or will be started; may be nil
}

// Manager runs the workers of one app.
type Manager struct {
	cfg    Config
	timing timing
	box    *mailbox
	forker *forker
	notify notifySockets
	ready  chan struct{}
	over   chan struct{}  // closed when every process is gone after Stop
	killed int            // workers that did not stop by themselves; set when over is closed
	lives  sync.WaitGroup // workers of which something is left

	mu      sync.Mutex
	running bool
}

// New makes a manager, which does nothing until Start.
func New(cfg Config) *Manager {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Manager{
		cfg:    cfg,
		timing: defaultTiming(),
		notify: notifySockets{dir: cfg.NotifyDir},
		box:    newMailbox(),
		ready:  make(chan struct{}),
		over:   make(chan struct{}),
	}
}

// Start prepares the code, whose error it returns, and begins to start the
// workers. It does not wait for them: see Ready. After an error it may be
// called again.
func (m *Manager) Start(ctx context.Context) error {
	code, err := m.cfg.Prepare(ctx)
	if err != nil {
		return err
	}
	if err := m.notify.open(); err != nil {
		code.release()
		return fmt.Errorf("make the folder for notification sockets: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running = true
	m.forker = newForker()
	l := newLoop(m, code)
	go l.run()
	return nil
}

// Ready is closed when every slot has had a worker that was ready.
func (m *Manager) Ready() <-chan struct{} { return m.ready }

// Replace replaces all workers at once because the shared socket they hold was
// broken. Requests that they run are finished. It does not block.
func (m *Manager) Replace() { m.send((*loop).replace) }

// Stop ends all workers: those that run a request finish it first, for at most
// DrainTimeout or until ctx ends; then they are killed. When it returns every
// process is gone, and unless ctx ended, so is everything that was still to be
// delivered to clients. The error says how many were killed. A second call
// hurries the first with its own ctx.
func (m *Manager) Stop(ctx context.Context) error {
	if !m.send((*loop).stop) {
		return nil
	}
	select {
	case <-m.over:
	case <-ctx.Done():
		m.send((*loop).hurry)
		<-m.over
	}
	resolved := make(chan struct{})
	go func() {
		m.lives.Wait()
		close(resolved)
	}()
	select {
	case <-resolved:
	case <-ctx.Done():
	}
	if m.killed > 0 {
		return fmt.Errorf("%d workers did not stop in time and were killed", m.killed)
	}
	return nil
}

// Workers returns what the workers are doing, by number; of one slot, the
// worker that holds it comes first.
func (m *Manager) Workers() []Worker { return ask(m, (*loop).snapshot) }

// Failing tells whether the app is in a crash loop that nobody mends: no worker
// is ready, one failed and waits before it starts again, and no Restart or Swap
// is under way. A change of the code may be the remedy, and no request may ever
// come that notices it; so in every mode of hot reload but none the server
// looks at the files from time to time while Failing is true, and calls Restart
// when they have changed, which starts all workers at once, without the delays
// of the backoff.
func (m *Manager) Failing() bool { return ask(m, (*loop).failing) }

// ask returns what the loop answers, or the zero value when there is no loop.
func ask[T any](m *Manager, question func(*loop) T) (answer T) {
	answers := make(chan T, 1)
	if !m.send(func(l *loop) { answers <- question(l) }) {
		return answer
	}
	select {
	case answer = <-answers:
	case <-m.over:
	}
	return answer
}

// send gives the loop a message, and returns false when there is no loop yet.
func (m *Manager) send(f message) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running {
		m.box.put(f)
	}
	return m.running
}
