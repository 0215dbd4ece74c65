package manager

import (
	"strings"
	"syscall"
	"time"

	"github.com/rip-server/rip-server/internal/wire"
)

// expect lets a program that adopted the socket count as ready after a grace,
// unless one of this app has ever told: then the others will tell too.
func (l *loop) expect(w *worker) {
	if l.tells {
		return
	}
	l.after(l.m.timing.grace, func() {
		if w.state != Starting {
			return
		}
		go func() {
			deaf, gone := w.proc.seat.Deaf()
			l.m.box.put(func(l *loop) { l.graceOver(w, deaf && !gone) })
		}()
	})
}

func (l *loop) graceOver(w *worker, deaf bool) {
	switch {
	case w.state != Starting || w.doomed || l.tells:
	case deaf:
		w.fault = "it does not adopt the listening socket: no process of it has that (descriptor 3) open"
		w.kill()
	default:
		w.proc.seat.Ready()
	}
}

// dismiss begins the end of a parted program that adopted the socket. It is
// asked to end what it has and to take nothing more, when it has nothing if that
// comes soon; it has the time that a request has. A swap does not wait long.
func (l *loop) dismiss(w *worker) {
	patience := l.m.timing.rest
	if l.roll != nil && l.roll.swap {
		patience = l.m.timing.deaf
	}
	l.deadline(w, l.m.cfg.DrainTimeout, func() { l.giveUp(w, "it did not end within the drain timeout after SIGTERM") })
	go func() {
		w.proc.seat.Dismiss(patience, func() { w.proc.signal(syscall.SIGTERM) })
		w.proc.awaitDeaf(l.m.timing.deaf)
		l.m.box.put(func(l *loop) {
			w.left = true
			l.step()
		})
	}()
}

// awaitDeaf returns when the program cannot take a request any more, or after a
// while: one that goes on listening while it ends what it has is not waited for.
func (p *process) awaitDeaf(most time.Duration) {
	const every = 5 * time.Millisecond
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(every) {
		p.mu.Lock()
		dead := p.dead
		p.mu.Unlock()
		if deaf, _ := p.seat.Deaf(); dead || deaf {
			return
		}
	}
}

// killStrays kills what the program has left behind out of its process group,
// if that could still take requests. What is about to go into the background
// forks meanwhile, so it is looked for until there is nothing.
func (p *process) killStrays() {
	const most = 20
	for range most {
		strays := p.seat.Strays()
		if len(strays) == 0 {
			return
		}
		for _, pid := range strays {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may be gone
		}
	}
}

// background adds to how a program ended what it probably did.
func (d *death) background() {
	if d.state != nil && d.state.Success() {
		d.how += ": it has to stay in the foreground"
	}
}

// isForSupervisor tells a variable that the server got from whoever started it,
// systemd or another server, and that means nothing to a program that it starts.
func isForSupervisor(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	switch name {
	case "LISTEN_PID", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC",
		wire.EnvProtocol, wire.EnvSocket, wire.EnvLeave, wire.EnvSlots,
		wire.EnvMaxRequests, wire.EnvMaxReloads, wire.EnvHotReload:
		return true
	}
	return false
}
