package driver

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Journal is what the lab app wrote around each request that carried an
// X-Lab-Id, in the order of writing.
type Journal struct {
	Entries []Entry
	Starts  map[string]int // by id
	Dones   map[string]int
}

// Entry is a line of the journal: `start ID PID` or `done ID PID`.
type Entry struct {
	Done bool
	ID   string
	PID  int
}

// Journal reads the journal so far.
func (s *Server) Journal() *Journal {
	s.t.Helper()
	j, err := readJournal(s.journalPath())
	if err != nil {
		s.Fatalf("journal: %v", err)
	}
	return j
}

func readJournal(path string) (*Journal, error) {
	j := &Journal{Starts: map[string]int{}, Dones: map[string]int{}}
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return j, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasSuffix(line, "\n") {
			break // it is being written: a write that crosses a page is seen in two parts
		}
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] != "start" && fields[0] != "done" {
			return nil, fmt.Errorf("malformed line %q", line)
		}
		pid, err := strconv.Atoi(fields[2])
		if err != nil {
			return nil, fmt.Errorf("malformed line %q", line)
		}
		e := Entry{fields[0] == "done", fields[1], pid}
		j.Entries = append(j.Entries, e)
		if e.Done {
			j.Dones[e.ID]++
		} else {
			j.Starts[e.ID]++
		}
	}
	return j, nil
}

// Ran returns an error unless a request was started and finished that often.
func (j *Journal) Ran(id string, starts, dones int) error {
	if j.Starts[id] != starts || j.Dones[id] != dones {
		return fmt.Errorf("%s was started %d times and finished %d times, want %d and %d", id, j.Starts[id], j.Dones[id], starts, dones)
	}
	return nil
}

// overlaps says where a process began a request before it had ended another.
func (j *Journal) overlaps() []string {
	var list []string
	runs := map[int]string{}
	for _, e := range j.Entries {
		if e.Done {
			delete(runs, e.PID)
			continue
		}
		if other, busy := runs[e.PID]; busy {
			list = append(list, fmt.Sprintf("process %d began %s while it ran %s", e.PID, e.ID, other))
		}
		runs[e.PID] = e.ID
	}
	return list
}

// contradictions says where the journal and the outcomes of a load disagree.
func (j *Journal) contradictions(o *Outcomes) []string {
	var list []string
	known := map[string]bool{}
	for _, one := range o.All {
		known[one.ID] = true
		starts, dones := j.Starts[one.ID], j.Dones[one.ID]
		switch {
		case starts > 1:
			list = append(list, fmt.Sprintf("%s was started %d times", one.ID, starts))
		case one.Status == 200 && (starts != 1 || dones != 1):
			list = append(list, fmt.Sprintf("%s was answered, but started %d times and finished %d times", one.ID, starts, dones))
		case one.Unanswered && starts != 0:
			list = append(list, fmt.Sprintf("%s ran, but the connection was closed before its answer", one.ID))
		}
	}
	for id := range j.Starts {
		if strings.HasPrefix(id, o.prefix) && !known[id] {
			list = append(list, fmt.Sprintf("%s ran, but was never sent", id))
		}
	}
	return list
}
