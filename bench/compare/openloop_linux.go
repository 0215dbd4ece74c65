package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// openLoop sends requests at a fixed rate, whether or not earlier ones have been
// answered. The latency of each counts from the moment at which it was due, so a
// rival that stalls is charged for all that would have been sent meanwhile
// (coordinated omission). A request that finds no idle connection waits for one.
type openLoop struct {
	request []byte
	size    int // of every answer, found out with the first one
	epoll   int
	timer   int // timerfd, exact to a few microseconds unlike a timeout of epoll
	conns   map[int32]*openConn
	idle    []*openConn

	interval  float64 // ns from one request to the next, 0 = send as fast as it goes
	start     time.Time
	due       int // requests sent so far
	latencies []time.Duration
}

type openConn struct {
	fd   int
	busy bool
	due  time.Duration // when the request that it carries was to be sent
	got  int
	head []byte // the beginning of the answer
}

// run returns requests per second and the latencies, in ascending order.
func (o *openLoop) run(ctx context.Context, address, path string, connections int, rate float64, d time.Duration) (float64, []time.Duration, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0); err != nil {
		return 0, nil, err
	}
	o.request = fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, address)
	var err error
	if o.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return 0, nil, err
	}
	defer unix.Close(o.epoll)
	if o.timer, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC); err != nil {
		return 0, nil, err
	}
	defer unix.Close(o.timer)
	if err := o.watch(o.timer); err != nil {
		return 0, nil, err
	}
	o.conns = map[int32]*openConn{}
	defer func() {
		for _, c := range o.conns {
			unix.Close(c.fd)
		}
	}()
	for range connections {
		if err := o.dial(address); err != nil {
			return 0, nil, err
		}
	}
	if rate > 0 {
		o.interval = 1e9 / rate
	}
	o.start = time.Now()
	for now := o.now(); now < d && ctx.Err() == nil; now = o.now() {
		if err := o.send(now); err != nil {
			return 0, nil, err
		}
		if err := o.receive(d); err != nil {
			return 0, nil, err
		}
	}
	o.chargePending(o.now())
	slices.Sort(o.latencies)
	return float64(len(o.latencies)) / d.Seconds(), o.latencies, ctx.Err()
}

// chargePending counts what was due and has no answer yet with the time that it
// has waited: leaving it out would flatter a rival that does not keep up.
func (o *openLoop) chargePending(now time.Duration) {
	if o.interval == 0 {
		return
	}
	for _, c := range o.conns {
		if c.busy {
			o.latencies = append(o.latencies, now-c.due)
		}
	}
	for ; o.dueAt(o.due) < now; o.due++ {
		o.latencies = append(o.latencies, now-o.dueAt(o.due))
	}
}

func (o *openLoop) now() time.Duration { return time.Since(o.start) }

func (o *openLoop) dueAt(n int) time.Duration { return time.Duration(float64(n) * o.interval) }

// dial opens a connection, on which the loop may not wait.
func (o *openLoop) dial(address string) error {
	tcp, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	c := &openConn{fd: fd}
	o.conns[int32(fd)] = c
	o.idle = append(o.idle, c)
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: tcp.Port, Addr: [4]byte(tcp.IP.To4())}); err != nil {
		return err
	}
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	if err := unix.SetNonblock(fd, true); err != nil {
		return err
	}
	return o.watch(fd)
}

func (o *openLoop) watch(fd int) error {
	return unix.EpollCtl(o.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
}

// send sends what is due, and sets the timer for what will be.
func (o *openLoop) send(now time.Duration) error {
	for len(o.idle) > 0 {
		due := now
		if o.interval > 0 {
			if due = o.dueAt(o.due); due > now {
				next := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(due - now))}
				return unix.TimerfdSettime(o.timer, 0, &next, nil)
			}
		}
		c := o.idle[len(o.idle)-1]
		o.idle = o.idle[:len(o.idle)-1]
		c.busy, c.due, c.got, c.head = true, due, 0, c.head[:0]
		o.due++
		if n, err := unix.Write(c.fd, o.request); err != nil || n != len(o.request) {
			return fmt.Errorf("send a request: %d bytes, %w", n, err)
		}
	}
	return nil
}

// receive waits for answers or for the time to send, and reads what is there.
func (o *openLoop) receive(end time.Duration) error {
	var events [64]unix.EpollEvent
	wait := (end - o.now()).Milliseconds() + 1
	n, err := unix.EpollWait(o.epoll, events[:], int(max(0, wait)))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return err
	}
	var buf [4096]byte
	for _, e := range events[:max(0, n)] {
		got, err := unix.Read(int(e.Fd), buf[:])
		if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) || int(e.Fd) == o.timer {
			continue
		}
		if err != nil || got == 0 {
			return fmt.Errorf("the connection was closed: %w", err)
		}
		if err := o.take(o.conns[e.Fd], buf[:got]); err != nil {
			return err
		}
	}
	return nil
}

// take takes a part of an answer. All answers must be as long as the first.
func (o *openLoop) take(c *openConn, part []byte) error {
	c.got += len(part)
	if c.got == len(part) && !bytes.HasPrefix(part, []byte("HTTP/1.1 200 ")) {
		return fmt.Errorf("answer %.40q", part)
	}
	if o.size == 0 {
		c.head = append(c.head, part...)
		size, err := sizeOf(c.head)
		if err != nil || size == 0 {
			return err
		}
		o.size = size
	}
	switch {
	case !c.busy || c.got > o.size:
		return fmt.Errorf("%d bytes where %d were due", c.got, o.size)
	case c.got == o.size:
		o.latencies = append(o.latencies, o.now()-c.due)
		c.busy = false
		o.idle = append(o.idle, c)
	}
	return nil
}

// sizeOf returns the bytes of an answer by its head, 0 when that is not there yet.
func sizeOf(answer []byte) (int, error) {
	head, _, found := bytes.Cut(answer, []byte("\r\n\r\n"))
	if !found {
		return 0, nil
	}
	for line := range bytes.Lines(head) {
		if name, value, _ := bytes.Cut(line, []byte(":")); bytes.EqualFold(name, []byte("Content-Length")) {
			length, err := strconv.Atoi(string(bytes.TrimSpace(value)))
			return len(head) + 4 + length, err
		}
	}
	return 0, errors.New("an answer without Content-Length")
}
