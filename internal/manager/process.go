package manager

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
)

// process is the running process of a worker. Its methods may be called by any
// goroutine, also when it is dead.
type process struct {
	cmd  *exec.Cmd
	seat *sharedsocket.Seat
	out  *output

	notify *notifySocket // nil when it speaks the worker protocol

	mu   sync.Mutex // guards dead, so that no signal goes to whoever has its id next
	dead bool

	leaving sync.Mutex // guards gone, so that leave is not asked of whoever has its seat next
	gone    bool
}

// death is how a process ended.
type death struct {
	err      error            // it never ran
	how      string           // "exit status 1", "signal: killed", …
	running  bool             // it held a request
	label    string           // of that request
	requests uint64           // it had finished
	cpu      time.Duration    // its CPU time, less what the requests that it finished cost
	state    *os.ProcessState // nil when it cannot be known
	reason   string           // the line it printed that most likely says why
	output   string           // the last lines it printed
	last     []byte           // more of them
	stacks   []byte           // what it printed after it was asked for its stacks
}

// live starts the process of a worker, tells the loop what becomes of it, and
// returns when nothing of it is left.
func (m *Manager) live(w *worker, title string) {
	defer m.lives.Done()
	p, err := m.spawn(w, title)
	if err != nil {
		m.box.put(func(l *loop) { l.died(w, death{err: err, how: err.Error()}) })
		return
	}
	m.box.put(func(l *loop) { l.started(w, p) })
	d := p.wait(m.timing)
	if p.notify != nil {
		p.notify.close()
	}
	m.box.put(func(l *loop) { l.died(w, d) })
	<-p.seat.Resolved()
	<-p.out.written
}

func (m *Manager) spawn(w *worker, title string) (*process, error) {
	seat, err := m.cfg.Socket.Join(w.slot.number, func(e sharedsocket.Event) {
		m.box.put(func(l *loop) { l.event(w, e) })
	})
	if err != nil {
		return nil, fmt.Errorf("join the shared socket: %w", err)
	}
	p := &process{cmd: w.gen.code.Command(title), seat: seat}
	if seat.Adopted() {
		if p.notify, err = m.notify.listen(); err != nil {
			seat.Started()
			seat.Gone()
			<-seat.Resolved()
			return nil, err
		}
	}
	if err := m.fork(w, p); err != nil {
		if p.notify != nil {
			p.notify.close()
		}
		seat.Started()
		seat.Gone()
		<-seat.Resolved()
		return nil, err
	}
	if p.notify != nil {
		seat.Runs(p.cmd.Process.Pid)
		go p.notify.read(func() {
			m.box.put(func(l *loop) { l.tells = true })
			seat.Ready()
		})
	}
	return p, nil
}

func (m *Manager) fork(w *worker, p *process) error {
	number := w.slot.number
	write := func(line printed) {
		if m.cfg.Output != nil {
			m.cfg.Output(number, line.label, line.text)
		}
	}
	report := func(dropped int) {
		m.cfg.Log.Warn("worker printed more than could be written", slog.Int("worker", number), slog.Int("dropped", dropped))
	}
	var kept *transcript
	if m.cfg.Crashed != nil {
		kept = &transcript{}
	}
	var err error
	if p.out, err = newOutput(p.seat.Printing, kept, write, report); err != nil {
		return err
	}
	p.seat.Printed(p.out.unread, p.out.readNow)
	p.cmd.Stdout, p.cmd.Stderr = p.out.writers[0], p.out.writers[1]
	p.cmd.ExtraFiles = p.seat.Files()
	p.cmd.SysProcAttr = attributes()
	p.cmd.Env = m.environment(w, p)
	err = m.forker.start(p.cmd)
	p.seat.Started()
	p.out.started()
	if err != nil {
		p.out.finish(m.timing.output)
		p.out.arrival.Close()
	}
	return err
}

func (m *Manager) environment(w *worker, p *process) []string {
	env := append(append([]string(nil), m.cfg.Env...), p.seat.Env()...)
	if p.notify != nil {
		env = append(slices.DeleteFunc(env, isForSupervisor), "NOTIFY_SOCKET="+p.notify.path)
		return inFolder(env, p.cmd.Dir)
	}
	env = append(env,
		wire.EnvMaxRequests+"="+strconv.Itoa(w.limit),
		wire.EnvMaxReloads+"="+strconv.Itoa(m.cfg.MaxReloads),
		wire.EnvHotReload+"="+m.cfg.HotReload,
	)
	return inFolder(env, p.cmd.Dir)
}

// inFolder adds the folder that a worker runs in. It may be another one in each
// generation, when the path of the app is a symbolic link.
func inFolder(env []string, dir string) []string {
	if dir == "" {
		return env
	}
	return append(env, wire.EnvAppDir+"="+dir, "PWD="+dir)
}

// wait returns when the process is dead and reaped, the rest of its process
// group killed, its output read, and its seat on the way to be free.
func (p *process) wait(t timing) death {
	pid := p.cmd.Process.Pid
	if !awaitDeath(pid) {
		_ = p.cmd.Wait()
	}
	var d death
	d.label, _, d.running = p.seat.Running()
	d.requests = p.seat.Done()
	p.out.fix(d.label)
	p.mu.Lock()
	killGroup(pid)
	p.dead = true
	p.mu.Unlock()
	if p.notify != nil {
		p.killStrays()
	}
	// Its error says what ProcessState does.
	_ = p.cmd.Wait()
	p.leaving.Lock()
	p.gone = true
	p.leaving.Unlock()
	p.seat.Gone()
	p.out.finish(t.output)
	go func() {
		<-p.seat.Resolved() // until then its last replies are read, and unread is asked
		p.out.arrival.Close()
	}()
	d.state = p.cmd.ProcessState
	d.how = d.state.String()
	if d.state != nil {
		d.cpu = d.state.UserTime() + d.state.SystemTime() - p.seat.CPU()
	}
	d.reason, d.output = p.out.tail.last(d.label)
	d.last, d.stacks = p.out.transcript.read()
	return d
}

// ended tells whether the process is dead, also when nobody was told yet.
func (p *process) ended() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead || isDead(p.cmd.Process.Pid)
}

// leave tells the worker to take nothing more and returns whether it runs a
// request. It blocks for about 15 ms.
func (p *process) leave() (running bool) {
	p.leaving.Lock()
	defer p.leaving.Unlock()
	return !p.gone && p.seat.Leave()
}

// signal sends a signal to the process itself.
func (p *process) signal(sig os.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dead {
		_ = p.cmd.Process.Signal(sig)
	}
}

// kill ends the process and everything in its process group.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dead {
		killGroup(p.cmd.Process.Pid)
	}
}

func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
