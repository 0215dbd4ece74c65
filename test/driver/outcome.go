package driver

import (
	"fmt"
)

// Outcome is what became of one request of a load.
type Outcome struct {
	ID         string
	Status     int   // of the final response, 0 when there was none
	Err        error // what was wrong with the response, or why there was none
	Unanswered bool  // sent behind a request whose answer ended the connection: it must not have run
	Reused     bool  // an earlier request was answered on the same connection
	Worker     int   // who answered, by the echo
	PID        int
}

// Outcomes is what became of all requests of a load.
type Outcomes struct {
	All    []Outcome
	prefix string
}

// judge looks at the answer to q.
func (o *Outcome) judge(a *Answer, q *Request) {
	o.Status = a.Status
	if a.Status != 200 {
		return
	}
	e, err := verifiedEcho(a, q)
	if err != nil {
		o.Err = err
		return
	}
	o.Worker, o.PID = e.Worker, e.PID
}

// Count returns how many requests were answered with a status.
func (o *Outcomes) Count(status int) int {
	n := 0
	for _, one := range o.All {
		if one.Status == status {
			n++
		}
	}
	return n
}

// failures describes what was not answered with a 200, less what is allowed.
func (o *Outcomes) failures(allowed map[int]int) []string {
	left := map[int]int{}
	for status, n := range allowed {
		left[status] = n
	}
	var list []string
	for _, one := range o.All {
		switch {
		case one.Unanswered:
		case one.Err != nil && one.Status == 0 && left[0] > 0:
			left[0]--
		case one.Err != nil:
			list = append(list, fmt.Sprintf("%s: %v", one.ID, one.Err))
		case one.Status != 200 && left[one.Status] > 0:
			left[one.Status]--
		case one.Status != 200:
			list = append(list, fmt.Sprintf("%s: status %d", one.ID, one.Status))
		}
	}
	return list
}
