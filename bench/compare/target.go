package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// A rival is a way to answer requests on a port of 127.0.0.1.
type rival struct {
	name string
	// needs says why it cannot run here; it is left out then. nil = it can.
	needs func(p *place) error
	// prepare returns the programs to start, in this order, for a port and an
	// empty folder.
	prepare func(p *place, port int, dir string) ([]*exec.Cmd, error)
	// beside is done to it again and again while it is measured, nil = nothing.
	beside func(ctx context.Context, t *target) error
}

// A target is a rival that runs.
type target struct {
	*rival
	place   *place
	dir     string
	address string // host and port
	url     string
	procs   []*exec.Cmd
	log     *os.File // what it prints
	ended   chan error
}

// launch starts the rival and waits until it answers as it should.
func (r *rival) launch(ctx context.Context, p *place, l load) (*target, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	dir, err := p.newDir()
	if err != nil {
		return nil, err
	}
	cmds, err := r.prepare(p, port, dir)
	if err != nil {
		return nil, err
	}
	// Opened to append, so that it can be emptied between two measurements.
	log, err := os.OpenFile(filepath.Join(dir, "output"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	t := &target{
		rival:   r,
		place:   p,
		dir:     dir,
		address: fmt.Sprintf("127.0.0.1:%d", port),
		log:     log,
		ended:   make(chan error, len(cmds)),
	}
	t.url = "http://" + t.address + l.path
	for _, cmd := range cmds {
		cmd.Stdout, cmd.Stderr = log, log
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // stop ends the group; an interrupt is for bench alone
		if err := cmd.Start(); err != nil {
			t.stop()
			return nil, err
		}
		t.procs = append(t.procs, cmd)
		go func() { t.ended <- cmd.Wait() }()
	}
	if err := t.awaitAnswer(ctx, l); err != nil {
		t.stop()
		return nil, fmt.Errorf("%w\n%s", err, t.printed())
	}
	return t, nil
}

func (t *target) awaitAnswer(ctx context.Context, l load) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		err := l.check(ctx, t.url)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w", err)
		case err := <-t.ended:
			t.ended <- err
			return fmt.Errorf("it ended: %v", err)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// measure reads the gauge of a comparison. The target must answer rightly
// before and after.
func (t *target) measure(ctx context.Context, c comparison, d time.Duration) (sample, error) {
	if err := t.log.Truncate(0); err != nil {
		return nil, err
	}
	if err := c.load.check(ctx, t.url); err != nil {
		return nil, err
	}
	beside := t.startBeside(ctx)
	s, err := c.gauge.measure(ctx, t, c.load, d)
	if e := beside(); err == nil {
		err = e
	}
	if err != nil {
		return nil, err
	}
	return s, c.load.check(ctx, t.url)
}

// startBeside returns what ends it and tells its first error.
func (t *target) startBeside(ctx context.Context) (end func() error) {
	if t.beside == nil {
		return func() error { return nil }
	}
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			if err := t.beside(ctx, t); err != nil {
				done <- err
				return
			}
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
		}
	}()
	return func() error { close(stop); return <-done }
}

// stop ends everything that was started for the target and waits for it.
func (t *target) stop() {
	for i := len(t.procs) - 1; i >= 0; i-- {
		t.procs[i].Process.Signal(syscall.SIGTERM)
	}
	timeout := time.After(5 * time.Second)
	for range t.procs {
		select {
		case <-t.ended:
		case <-timeout:
		}
	}
	for _, proc := range t.procs {
		syscall.Kill(-proc.Process.Pid, syscall.SIGKILL)
	}
	t.log.Close()
}

// printed returns the end of what the target printed.
func (t *target) printed() string {
	text, err := os.ReadFile(t.log.Name())
	if err != nil {
		return err.Error()
	}
	if lines := bytes.SplitAfter(text, []byte("\n")); len(lines) > 20 {
		text = bytes.Join(lines[len(lines)-20:], nil)
	}
	return string(text)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	address, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, errors.New("no TCP address")
	}
	return address.Port, nil
}
