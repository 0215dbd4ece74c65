// Package server builds a running server from a Config: the one place where
// all parts meet.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/rip-server/rip-server/internal/accesslog"
	"github.com/rip-server/rip-server/internal/capsule"
	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/control"
	"github.com/rip-server/rip-server/internal/entry"
	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/manager"
	"github.com/rip-server/rip-server/internal/runtimes"
	"github.com/rip-server/rip-server/internal/sharedsocket"
)

// sameSignal is how soon after the first one a signal does not count as a
// second one.
const sameSignal = 300 * time.Millisecond

// Why a stop waits no longer.
var (
	errDrained = errors.New("the time to stop was over")
	errHurried = errors.New("a second signal came")
)

// Descriptors that the server itself has open at most, by measurement and half
// as much again: the fixed ones, and those of a worker and its replacement.
const (
	ownDescriptors    = 32
	workerDescriptors = 16
)

// server is one running app. The fields are set by start, in this order, and
// undone by stop, in the reverse one.
type server struct {
	cfg    *config.Config
	stdout io.Writer
	began  time.Time

	lines      *outlet // lifecycle log and what workers print
	log        *slog.Logger
	lock       *control.Lock
	app        *runtimes.App
	listen     []net.Listener
	capsules   *capsule.Recorder // nil = none are kept
	processors int               // that the machine, or its share of it, has

	socket   *sharedsocket.Socket
	manager  *manager.Manager
	access   *accesslog.Log
	entry    *entry.Entry
	waiting  func() // stops what looks at it
	reloader *reloader
	control  *http.Server

	draining atomic.Bool
	quit     chan struct{} // something asked for a stop
}

// Run runs the app until a signal or a request on the control socket stops it,
// or ctx ends. It returns nil after a stop that was asked for. The error is a
// *config.Problem when it is something that a person can put right.
func Run(ctx context.Context, cfg *config.Config, stdout, stderr io.Writer) error {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer signal.Stop(signals)
	// A reader of the logs that goes away must not take the server with it.
	signal.Ignore(syscall.SIGPIPE)
	setTitle("rip-server: " + cfg.Name)

	shortenSlices()
	processors, undo := spareProcessor()
	defer undo()

	s := &server{cfg: cfg, stdout: stdout, began: time.Now(), processors: processors, quit: make(chan struct{}, 1)}
	s.lines = newOutlet(stderr)
	defer s.lines.Close()
	s.log = newLogger(s.lines, cfg.Name, cfg.JSONLogging)

	starting, cancel := context.WithCancel(ctx)
	defer cancel()
	go heed(starting, cancel, signals)
	err := s.start(starting)
	interrupted := starting.Err() != nil
	cancel()
	if err == nil {
		err = s.wait(ctx, signals)
	} else if interrupted {
		err = nil
	}
	return errors.Join(err, s.stop(ctx, signals))
}

// heed ends the start, a long build say, at a signal that ends the server. A
// SIGHUP has to wait until it is over.
func heed(starting context.Context, end func(), signals chan os.Signal) {
	again := false
	for {
		select {
		case sig := <-signals:
			if sig == syscall.SIGHUP {
				again = true
				continue
			}
			signals <- sig
			end()
			return
		case <-starting.Done():
			if again {
				signals <- syscall.SIGHUP
			}
			return
		}
	}
}

func (s *server) start(ctx context.Context) (err error) {
	cfg := s.cfg
	if err := cfg.MakeRunDir(); err != nil {
		return err
	}
	if s.lock, err = control.Claim(cfg.RunDir, cfg.Name); err != nil {
		return claimProblem(err, cfg)
	}
	if s.app, err = Detect(cfg); err != nil {
		return err
	}
	if s.listen, err = listenAll(cfg); err != nil {
		return err
	}
	if err := s.startCapsules(); err != nil {
		return err
	}
	kind, err := sharedsocket.ParseType(cfg.Socket)
	if err != nil {
		return err
	}
	socket := sharedsocket.Config{
		Type:           kind,
		Path:           filepath.Join(cfg.RunDir, cfg.Name+".sock"),
		MaxQueue:       cfg.MaxQueue,
		QueueTimeout:   cfg.QueueTimeout,
		RequestTimeout: cfg.RequestTimeout,
		SendBuffer:     cfg.SendBuffer,
		ReadTimeout:    s.app.ReadTimeout,
		Meter:          cfg.AccessLog && cfg.JSONLogging, // the other format does not show it
		Quarantine:     cfg.Quarantine,
		Name:           cfg.Name,
		Dir:            s.app.Dir,
		Log:            s.log,
		Broken:         func() { s.manager.Replace() },
	}
	if cfg.Exec != nil {
		socket.Adopted = cfg.Workers
	}
	if s.capsules != nil {
		socket.Died = s.capsules.Died
	}
	if s.socket, err = sharedsocket.New(socket); err != nil {
		return fmt.Errorf("make the shared socket: %w", err)
	}
	s.manager = s.newManager()
	s.reloader = newReloader(s)
	if err := s.manager.Start(ctx); err != nil {
		return buildProblem(err, cfg)
	}
	if err := s.startEntry(); err != nil {
		return err
	}
	if cfg.Exec == nil { // what such programs do at one time is their affair
		s.waiting = s.startWaiting()
	}
	s.reloader.start()
	if err := s.startControl(); err != nil {
		return err
	}
	s.announce()
	return nil
}

func (s *server) newManager() *manager.Manager {
	cfg := s.cfg
	c := manager.Config{
		Prepare:       s.prepare,
		Socket:        s.socket,
		Name:          cfg.Name,
		Workers:       cfg.Workers,
		MaxRequests:   cfg.MaxRequests,
		MaxReloads:    cfg.MaxReloads,
		MaxMemory:     cfg.MaxMemory,
		MaxMemoryHard: cfg.MaxMemoryHard,
		HotReload:     cfg.HotReload,
		DrainTimeout:  cfg.DrainTimeout,
		Env:           s.workerEnv(),
		Log:           s.log,
		Output: func(worker int, label string, line []byte) {
			_, _ = s.lines.Write(outputLine(cfg.Name, cfg.JSONLogging, worker, label, line))
		},
	}
	if cfg.Exec != nil {
		c.NotifyDir = filepath.Join(cfg.RunDir, cfg.Name+".notify")
	}
	if s.capsules != nil {
		c.Crashed = s.capsules.Crashed
	}
	return manager.New(c)
}

func (s *server) prepare(ctx context.Context) (manager.Code, error) {
	b, err := s.app.Prepare(ctx)
	if err != nil {
		return manager.Code{}, err
	}
	if s.entry != nil { // else it looks where they lead when it is made
		s.entry.FollowLinks()
	}
	return manager.Code{ID: b.ID, Command: b.Command, Release: b.Release}, nil
}

func (s *server) startEntry() (err error) {
	cfg := s.cfg
	if cfg.AccessLog {
		format := accesslog.Human
		if cfg.JSONLogging {
			format = accesslog.JSON
		}
		s.access = accesslog.New(s.stdout, cfg.Name, format)
	}
	s.entry, err = s.newEntry(entry.Config{
		Socket:         s.socket,
		Log:            s.log,
		Access:         s.access,
		Before:         s.reloader.before(),
		Explain:        cfg.Env == config.Development,
		ServerPath:     cfg.ServerPath,
		StatusPath:     cfg.StatusPath,
		Status:         s.publicStatus,
		Static:         cfg.Static,
		Head:           http1.Limits{Head: cfg.MaxHead, Target: cfg.MaxTarget, Fields: cfg.MaxFields},
		MaxBody:        cfg.MaxBody,
		HeadTimeout:    cfg.HeadTimeout,
		BodyTimeout:    cfg.BodyTimeout,
		WriteTimeout:   cfg.WriteTimeout,
		IdleTimeout:    cfg.IdleTimeout,
		MaxRequests:    cfg.KeepAliveRequests,
		MaxConns:       cfg.MaxConnections,
		Descriptors:    ownDescriptors + workerDescriptors*cfg.Workers,
		MaxConnsPerIP:  cfg.MaxConnectionsPerAddress,
		SpoolDir:       cfg.SpoolDir,
		MaxSpool:       cfg.MaxSpool,
		TrustedProxies: cfg.TrustedProxies,
		SendfileRoots:  cfg.SendfileRoots,
	})
	if err != nil {
		return err
	}
	for _, l := range s.listen {
		s.entry.Serve(l)
	}
	return nil
}

func (s *server) startControl() error {
	l, err := control.Listen(s.cfg.RunDir, s.cfg.Name)
	if err != nil {
		return err
	}
	s.control = &http.Server{
		Handler: control.Handler(control.Handlers{Status: s.status, Restart: s.reloader.restart, Stop: s.askToStop}),
		// What goes wrong on it is told to its client, which is this user's.
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	go func() { _ = s.control.Serve(l) }()
	return nil
}

func (s *server) askToStop() {
	select {
	case s.quit <- struct{}{}:
	default:
	}
}

// wait returns when the server has to stop.
func (s *server) wait(ctx context.Context, signals <-chan os.Signal) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.quit:
			return nil
		case sig := <-signals:
			if sig != syscall.SIGHUP {
				return nil
			}
			go func() { _ = s.reloader.restart(ctx, nil) }() // the manager logs how it went
		}
	}
}

// stop undoes start, as far as that came. What is in flight is answered within
// the drain timeout; a second signal ends that.
func (s *server) stop(ctx context.Context, signals <-chan os.Signal) error {
	s.draining.Store(true)
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	defer time.AfterFunc(s.cfg.DrainTimeout, func() { cancel(errDrained) }).Stop()
	stopped := make(chan struct{})
	defer close(stopped)
	began := time.Now()
	if s.entry != nil {
		counts := s.socket.Counts()
		s.log.Info("stop began", "running", counts.Running, "waiting", counts.Queued, "at-most", s.cfg.DrainTimeout)
	}
	go func() {
		for {
			select {
			case sig := <-signals:
				// timeout(1) and some supervisors send a signal to a process and
				// to its group: that is one signal.
				if sig != syscall.SIGHUP && time.Since(began) > sameSignal {
					cancel(errHurried)
				}
			case <-stopped:
				return
			}
		}
	}()
	var errs []error
	if s.reloader != nil {
		s.reloader.stop()
	}
	if s.waiting != nil {
		s.waiting()
	}
	if s.entry != nil {
		if err := s.entry.Stop(ctx); err != nil {
			errs = append(errs, fmt.Errorf("some requests were still running when %w", context.Cause(ctx)))
		}
	} else {
		for _, l := range s.listen {
			l.Close()
		}
	}
	if s.manager != nil {
		if err := s.manager.Stop(ctx); err != nil {
			s.log.Warn("stop", "error", err)
		}
	}
	if s.socket != nil {
		errs = append(errs, s.socket.Close())
	}
	if s.capsules != nil {
		s.capsules.Close()
	}
	if s.access != nil {
		if err := s.access.Close(); err != nil {
			s.log.Warn("stop", "error", err)
		}
	}
	if s.entry != nil {
		s.log.Info("stopped")
	}
	if s.control != nil {
		s.control.Close()
	}
	if s.lock != nil {
		s.lock.Release()
	}
	return errors.Join(errs...)
}
