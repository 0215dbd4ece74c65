// Adopter is a program for tests of --exec: it adopts a listening socket as
// sd_listen_fds(3) says, speaks HTTP/1.1 and knows nothing of rip-server. It
// runs one request at a time, says that it is ready, and on SIGTERM ends what it
// runs and exits.
//
//	-silent    it does not say that it is ready
//	-several   it runs as many requests at a time as there are
//	-abrupt    it dies of SIGTERM
//	-leave     it leaves a process that has the socket open in the background, and exits
//
// While there is a file called "gate" in its folder it does not get ready. Paths
// that are no page are echoed, and the journal kept, as the lab does.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"
)

func main() {
	silent := flag.Bool("silent", false, "do not say that it is ready")
	several := flag.Bool("several", false, "run several requests at a time")
	abrupt := flag.Bool("abrupt", false, "die of SIGTERM")
	leave := flag.Bool("leave", false, "go into the background")
	flag.Parse()
	if *leave {
		daemon := exec.Command("sleep", "300")
		daemon.ExtraFiles = []*os.File{os.NewFile(3, "http")}
		daemon.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := daemon.Start(); err != nil {
			log.Fatal(err)
		}
		fmt.Println("left", daemon.Process.Pid)
		return
	}
	log.SetFlags(0)
	l, err := adopt()
	if err != nil {
		log.Fatal(err)
	}
	p := &program{}
	if p.journal, err = os.OpenFile(os.Getenv("LAB_JOURNAL"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600); err != nil {
		log.Fatal(err)
	}
	for {
		if _, err := os.Stat("gate"); err != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	term := make(chan os.Signal, 1)
	if !*abrupt {
		signal.Notify(term, syscall.SIGTERM)
	}
	go func() {
		<-term
		l.Close()
	}()
	if !*silent {
		if err := notify("READY=1\nSTATUS=adopted"); err != nil {
			log.Fatal(err)
		}
	}
	var running sync.WaitGroup
	for {
		c, err := l.Accept()
		if err != nil {
			break
		}
		if *several {
			running.Go(func() { p.serve(c) })
		} else {
			p.serve(c)
		}
	}
	running.Wait()
}

// adopt returns the listening socket that this very process was given.
func adopt() (net.Listener, error) {
	if pid := os.Getenv("LISTEN_PID"); pid != strconv.Itoa(os.Getpid()) {
		return nil, fmt.Errorf("LISTEN_PID is %q in process %d", pid, os.Getpid())
	}
	if n := os.Getenv("LISTEN_FDS"); n != "1" {
		return nil, fmt.Errorf("LISTEN_FDS is %q", n)
	}
	return net.FileListener(os.NewFile(3, "http"))
}

func notify(text string) error {
	c, err := net.Dial("unixgram", os.Getenv("NOTIFY_SOCKET"))
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = io.WriteString(c, text)
	return err
}

type program struct{ journal *os.File }

// serve answers the one request of a connection.
func (p *program) serve(c net.Conn) {
	defer c.Close()
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	id := r.Header.Get("X-Lab-Id")
	if id != "" {
		p.write("start", id)
	}
	var out bytes.Buffer
	if page := pages[r.URL.Path]; page != nil {
		page(c, &out, r)
	} else {
		echo(&out, r)
	}
	if id != "" {
		p.write("done", id)
	}
	_, _ = out.WriteTo(c)
}

func (p *program) write(what, id string) {
	line := fmt.Sprintf("%s %s %d", what, id, os.Getpid())
	if _, err := fmt.Fprintf(p.journal, "%-127s\n", line); err != nil {
		panic(err)
	}
}
