package server

import (
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"time"

	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/control"
	"github.com/rip-server/rip-server/internal/manager"
)

// Version is the version of the program.
const Version = "0.1.0"

func (s *server) port() int { return s.listen[0].Addr().(*net.TCPAddr).Port }

// status tells everything, for the control socket.
func (s *server) status() control.Status {
	workers := s.manager.Workers()
	socket := s.socket.Counts()
	counts := s.entry.Counts()
	st := control.Status{
		App:         s.cfg.Name,
		Kind:        s.app.Kind,
		Path:        s.cfg.Path,
		PID:         os.Getpid(),
		Address:     s.url(),
		Workers:     s.cfg.Workers,
		Ports:       map[string]int{"http": s.port()},
		Uptime:      time.Since(s.began).Seconds(),
		Socket:      s.cfg.Socket,
		Isolation:   s.socket.Isolation().String(),
		HotReload:   s.cfg.HotReload,
		Env:         s.cfg.Env,
		Ready:       ready(workers),
		Spent:       spent(workers),
		Busy:        socket.Running,
		Queued:      socket.Queued,
		Streaming:   socket.Streaming,
		Connections: counts.Connections,
		Requests:    counts.Requests,
		Version:     Version,
		LastError:   s.reloader.lastError(workers),
	}
	if s.capsules != nil {
		st.Capsules = s.cfg.Capsules
	}
	if s.access != nil {
		st.LogDropped = s.access.Dropped()
	}
	for _, w := range workers {
		st.WorkerList = append(st.WorkerList, control.Worker{
			Number: w.Number, PID: w.PID, State: w.State.String(), Reason: w.Reason, Generation: w.Generation,
			Requests: w.Requests, Reloads: w.Reloads, Code: w.Code, Busy: w.Busy, Request: w.Request, Running: w.Running.Seconds(),
			Since: time.Since(w.Since).Seconds(), LastError: w.LastError,
		})
	}
	st.Status = s.health(st.Ready, workers)
	return st
}

// ready counts the slots that have a worker that takes requests.
func ready(workers []manager.Worker) int {
	slots := map[int]bool{}
	for _, w := range workers {
		if w.State == manager.Ready {
			slots[w.Number] = true
		}
	}
	return len(slots)
}

// spent counts the workers that have run all they may and stay until their
// replacement is ready.
func spent(workers []manager.Worker) (n int) {
	for _, w := range workers {
		if w.Spent {
			n++
		}
	}
	return n
}

// health says how the app is in one word.
func (s *server) health(ready int, workers []manager.Worker) string {
	switch {
	case s.draining.Load():
		return control.Draining
	case ready >= s.cfg.Workers:
		return control.Healthy
	case ready > 0 && started(s.manager):
		return control.Degraded
	case started(s.manager) || failed(workers):
		return control.Unhealthy
	}
	return control.Starting
}

func started(m *manager.Manager) bool {
	select {
	case <-m.Ready():
		return true
	default:
		return false
	}
}

func failed(workers []manager.Worker) bool {
	for _, w := range workers {
		if w.LastError != "" {
			return true
		}
	}
	return false
}

// publicStatus is what anybody may know.
func (s *server) publicStatus() (code int, body []byte) {
	st := s.status()
	body, err := json.Marshal(st.Public())
	if err != nil {
		return 500, nil // numbers and words always marshal
	}
	return st.Code(), append(body, '\n')
}

func (s *server) url() string {
	host := s.cfg.Host
	if host == config.AllInterfaces {
		host = config.Loopback
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(s.port()))
}

// announce says where the app is, and how to change that.
func (s *server) announce() {
	s.log.Info("listening", "address", s.url(), "who", reach(s.cfg.Host))
	about := []any{"kind", s.app.Kind}
	if s.app.Entry != "" {
		about = append(about, "entry", s.app.Entry)
	}
	if s.app.Why != "" {
		about = append(about, "because", s.app.Why)
	}
	s.log.Info(fmt.Sprintf("running %s with %d workers", s.cfg.Path, s.cfg.Workers), append(about,
		"socket", s.cfg.Socket, "hot-reload", s.cfg.HotReload, "env", s.cfg.Env)...)
}

// reach says who can reach a host, and how to change that.
func reach(host string) string {
	addr, _ := netip.ParseAddr(host)
	switch {
	case host == config.Loopback || addr.IsLoopback():
		return "this machine alone can reach it; http:*:PORT or --env=production opens it"
	case host == config.AllInterfaces || addr.IsUnspecified():
		return "on all interfaces; http:localhost:PORT closes it"
	}
	return "at this address alone"
}
