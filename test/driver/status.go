package driver

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"syscall"
)

// Status is the public status of a server, as far as tests look at it.
type Status struct {
	Status  string `json:"status"`
	App     string `json:"app"`
	Workers int    `json:"workers"` // configured
	Ready   int    `json:"ready"`
	Busy    int    `json:"busy"`
	Spent   int    `json:"spent"`
	Queued  int    `json:"queued"`
}

// Status asks the server for its public status.
func (s *Server) Status() (*Status, error) {
	a, err := s.Ask("GET", "/status")
	if err != nil {
		return nil, err
	}
	var status Status
	if err := json.Unmarshal(a.Body, &status); err != nil {
		return nil, fmt.Errorf("status: %w in %q", err, a.Body)
	}
	return &status, nil
}

// AwaitQueued waits until so many requests wait for a worker.
func (s *Server) AwaitQueued(n int) {
	s.t.Helper()
	s.Eventually(fmt.Sprintf("%d requests wait", n), func() error {
		status, err := s.Status()
		if err == nil && status.Queued != n {
			err = fmt.Errorf("queued: %d", status.Queued)
		}
		return err
	})
}

// WorkerPIDs returns the process ids of the workers: of all child processes,
// which includes a compiler while the app is built.
func (s *Server) WorkerPIDs() []int {
	var pids []int
	for _, p := range s.children() {
		if p.state != 'Z' {
			pids = append(pids, p.pid)
		}
	}
	slices.Sort(pids)
	return pids
}

// AwaitRunning waits until a worker runs the request with this id and returns
// its process id.
func (s *Server) AwaitRunning(id string) (pid int) {
	s.t.Helper()
	s.Eventually(id+" runs", func() error {
		for _, e := range s.Journal().Entries {
			if e.ID == id {
				pid = e.PID
				return nil
			}
		}
		return errors.New("it is not in the journal")
	})
	return pid
}

// TellWhenSeen sends SIGUSR1 to the worker that runs the request with that id as
// soon as the server has seen that it does, and returns its process id.
func (s *Server) TellWhenSeen(id string) (pid int) {
	s.t.Helper()
	pid = s.AwaitRunning(id)
	s.Eventually(id+" is seen to run", func() error {
		for _, w := range s.FullStatus().WorkerList {
			if w.PID == pid && w.Running > 0 {
				return nil
			}
		}
		return errors.New("the server has not seen it")
	})
	if err := syscall.Kill(pid, syscall.SIGUSR1); err != nil {
		s.t.Fatal(err)
	}
	return pid
}
