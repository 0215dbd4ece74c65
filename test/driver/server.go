package driver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Options is how a server is started. Zero values are sensible.
type Options struct {
	App     string   // folder of the app in the repository or absolute; "" = examples/lab
	Socket  string   // "" = the default
	Workers int      // 0 = 4
	Recycle int      // requests of a worker, 0 = no end
	Args    []string // more arguments
	Env     []string // more variables, KEY=VALUE
	Spool   string   // where the server makes its spool folder, "" = in a folder of its own
	Through []string // words before the command, of a program that becomes it (execve(2))
	Quiet   bool     // no access log, and so nothing of it in Judge
	Clock   bool     // the wall clock can be set, see SetClock
	Pending bool     // Start returns at once, before there is an address
}

// Server is a running rip-server.
type Server struct {
	PID int
	URL string // http://127.0.0.1:PORT, no slash at the end

	t        testing.TB
	options  Options
	workers  int
	dir      string // RIP_RUN_DIR, the journal and the log are in it
	logName  string
	log      *logFile
	cmd      *exec.Cmd
	ended    chan struct{}
	exit     error
	baseline footprint
}

// Start starts a server and waits until it is healthy. It is killed at the end
// of the test if it still runs then.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	program, root, err := build()
	if err != nil {
		t.Fatalf("build rip-server: %v", err)
	}
	if o.Clock {
		if program, err = buildJumping(); err != nil {
			t.Fatalf("build rip-server with another clock: %v", err)
		}
	}
	if o.App == "" {
		o.App = "examples/lab"
	}
	if !filepath.IsAbs(o.App) {
		o.App = filepath.Join(root, o.App)
	}
	s := &Server{t: t, options: o, workers: o.Workers, logName: "log"}
	if s.workers == 0 {
		s.workers = 4
	}
	// Not t.TempDir: the path of a Unix socket must fit into 107 bytes.
	if s.dir, err = os.MkdirTemp("", "rip-"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(s.RunDir(), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.cleanUp)
	s.launch(program, "0")
	if !o.Pending {
		s.AwaitHealthy()
	}
	return s
}

// StartAgain starts the same command once more, on the same port and folders,
// after the server has ended.
func (s *Server) StartAgain() {
	s.t.Helper()
	<-s.ended
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	s.launch(built.path, port)
	s.AwaitHealthy()
}

func (s *Server) launch(program, port string) {
	s.t.Helper()
	o := s.options
	args := []string{o.App, "w:" + strconv.Itoa(s.workers), "http:127.0.0.1:" + port}
	if o.Socket != "" {
		args = append(args, "--socket="+o.Socket)
	}
	if o.Recycle > 0 {
		args = append(args, "r:"+strconv.Itoa(o.Recycle))
	} else {
		args = append(args, "r:0") // a replacement that stands by would disturb counts of processes
	}
	if o.Quiet {
		args = append(args, "--no-access-log")
	} else {
		args = append(args, "--json-logging")
	}
	var err error
	if s.log, err = newLogFile(filepath.Join(s.dir, s.logName)); err != nil {
		s.t.Fatal(err)
	}
	words := slices.Concat(o.Through, []string{program}, args, o.Args)
	s.cmd = exec.Command(words[0], words[1:]...)
	s.cmd.Env = append(s.environ(), o.Env...)
	if o.Clock {
		s.SetClock(' ')
		s.cmd.Env = append(s.cmd.Env, "RIP_TEST_CLOCK="+s.clockPath())
	}
	s.cmd.Stdout, s.cmd.Stderr = s.log.file, s.log.file
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.PID = s.cmd.Process.Pid
	s.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan struct{}) {
		s.exit = cmd.Wait()
		close(ended)
	}(s.cmd, s.ended)
}

// environ is what the server, and the commands that talk to it, start with:
// nothing that would change what they do.
func (s *Server) environ() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "RIP_") && !strings.HasPrefix(e, "PORT=") {
			env = append(env, e)
		}
	}
	return append(env,
		"RIP_RUN_DIR="+s.RunDir(),
		"RIP_CACHE_DIR="+filepath.Join(built.dir, "cache"),
		"RIP_SPOOL_DIR="+s.SpoolDir(),
		"LAB_JOURNAL="+s.journalPath())
}

// RunDir returns the server's run folder.
func (s *Server) RunDir() string { return filepath.Join(s.dir, "run") }

// SpoolDir returns the folder in which the server makes its spool folder.
func (s *Server) SpoolDir() string {
	if s.options.Spool != "" {
		return s.options.Spool
	}
	return filepath.Join(s.dir, "spool")
}

// App returns the path of the app's folder.
func (s *Server) App() string { return s.options.App }

func (s *Server) journalPath() string { return filepath.Join(s.dir, "journal") }

// AwaitHealthy waits until every worker is ready. The first time, it also
// remembers what the server has open then; see Settled.
func (s *Server) AwaitHealthy() {
	s.t.Helper()
	s.awaitAddress()
	s.Eventually("the server is healthy", func() error {
		answer, err := s.Ask("GET", "/status")
		if err != nil {
			return err
		}
		if answer.Status != 200 || !strings.Contains(string(answer.Body), `"healthy"`) {
			return fmt.Errorf("status %d %s", answer.Status, answer.Body)
		}
		return nil
	})
	if s.baseline == nil {
		s.baseline = s.atRest()
	}
}

// awaitAddress waits until the server has said where it listens.
func (s *Server) awaitAddress() {
	s.t.Helper()
	if s.log.forgotten {
		return
	}
	s.Eventually("the server prints its address", func() error {
		for _, line := range s.log.lines() {
			if found := address.FindString(line); found != "" {
				if s.URL != found { // clients may be reading it
					s.URL = found
				}
				return nil
			}
		}
		return errors.New("no address in the log")
	})
}

// Stop asks the server to end with SIGTERM, waits for it and returns its exit
// status.
func (s *Server) Stop() int {
	s.t.Helper()
	s.Signal(syscall.SIGTERM)
	return s.Exit()
}

// Exit waits for the end of the server and returns its exit status, -1 when a
// signal ended it.
func (s *Server) Exit() int {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(Patience):
		s.Fatalf("the server did not end")
	}
	return s.cmd.ProcessState.ExitCode()
}

// Kill ends the server with SIGKILL.
func (s *Server) Kill() {
	s.cmd.Process.Kill()
	<-s.ended
}

// Signal sends a signal to the server.
func (s *Server) Signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.Fatalf("signal %v: %v", sig, err)
	}
}

// Run runs `rip-server ARGS` as a person would while the server runs, and
// returns what it printed and its exit status.
func (s *Server) Run(args ...string) (output string, status int) {
	s.t.Helper()
	cmd := exec.Command(built.path, args...)
	cmd.Env = s.environ()
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		s.Fatalf("%v: %v", args, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func (s *Server) cleanUp() {
	s.Kill()
	if races := s.log.matching("WARNING: DATA RACE"); len(races) > 0 {
		s.t.Errorf("the server has a data race:\n%s", strings.Join(s.log.lines(), "\n"))
	}
	s.log.file.Close()
	os.RemoveAll(s.dir)
}

// With returns the same server for a subtest.
func (s *Server) With(t testing.TB) *Server {
	sub := *s
	sub.t = t
	return &sub
}

// Eventually waits until check returns nil, and ends the test when that takes
// too long or the server ends meanwhile.
func (s *Server) Eventually(what string, check func() error) {
	s.t.Helper()
	var last error
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); time.Sleep(3 * time.Millisecond) {
		if last = check(); last == nil {
			return
		}
		select {
		case <-s.ended:
			if last = check(); last == nil { // it may have come true with the end
				return
			}
			s.Fatalf("waiting until %s: the server ended (%v): %v", what, s.exit, last)
		default:
		}
	}
	s.Fatalf("waiting until %s: %v", what, last)
}

// Fatalf ends the test with the end of the server's log, less the access log.
func (s *Server) Fatalf(format string, args ...any) {
	s.t.Helper()
	lines := slices.DeleteFunc(s.log.lines(), func(line string) bool { return strings.Contains(line, `,"totalSeconds":`) })
	s.t.Fatalf("%s\n--- end of the server's log:\n%s", fmt.Sprintf(format, args...),
		strings.Join(lines[max(0, len(lines)-30):], "\n"))
}
