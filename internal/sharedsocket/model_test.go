package sharedsocket

import (
	"fmt"
	"testing"
)

// This is the protocol of claim and withdrawal as a small machine of its own,
// explored in every interleaving: two workers, two requests, a crash at every
// step, and for each worker a store buffer, in which a claim can stay invisible
// while the worker already looks at the ledger (what processors do, and why
// the server needs a barrier on all of them).

const (
	modelRequests = 2
	modelSends    = 3 // per request
)

type modelRules struct {
	lookFirst bool // the worker looks at the ledger before it claims
	noBarrier bool // the server reads the rows without a barrier
	noRows    bool // the server sends again although a row claims the request
	noReplies bool // the server believes an empty row although a reply is still unread
}

// Where a worker is.
const (
	wIdle    = iota
	wTaken   // has received a record
	wClaimed // has written its claim, maybe only into its store buffer
	wRun     // is running the handler
	wRan     // has run it
	wSaid    // has written its final record
	wUnwant  // has to clear its claim and give back
	wDead
	wBuried // dead, and the server knows
)

// What the server does about a request.
const (
	sFlying = iota
	sVoided // has cleared the ledger
	sFenced // the barrier is over, the rows are not read yet
	sHalf   // has read the row of the first worker: no claim there
	sOver
)

// Records of a worker to the server.
const (
	recNone = iota
	recFinal
	recGivenBack
)

type modelWorker struct {
	at       int
	id       int // a send: request*modelSends + attempt, from 1
	row      int
	buffered int // a store to the row on its way, -1 = none
	record   int // at most one is unread: the worker does one thing at a time
	recordID int
}

type modelState struct {
	queue   [modelRequests * modelSends]int
	queued  int
	ledger  [modelRequests]int
	phase   [modelRequests]int
	sends   [modelRequests]int
	runs    [modelRequests]int
	doubts  int // unfounded withdrawals left
	crashes int
	workers [2]modelWorker
}

func sendID(request, attempt int) int { return request*modelSends + attempt }
func requestOf(id int) int            { return (id - 1) / modelSends }

func (s modelState) push(request int) modelState {
	s.sends[request]++
	id := sendID(request, s.sends[request])
	s.queue[s.queued] = id
	s.queued++
	s.ledger[request] = id
	s.phase[request] = sFlying
	return s
}

func (s modelState) flush() modelState {
	for i := range s.workers {
		if w := &s.workers[i]; w.buffered >= 0 {
			w.row, w.buffered = w.buffered, -1
		}
	}
	return s
}

// store is a write to the worker's row. It goes through the store buffer, and
// stores leave that in order.
func (w *modelWorker) store(v int) {
	if w.buffered >= 0 {
		w.row = w.buffered
	}
	w.buffered = v
}

// steps calls f with every state that can follow.
func (s modelState) steps(rules modelRules, f func(modelState)) {
	for i := range s.workers {
		s.workerSteps(i, rules, f)
		s.recordSteps(i, f)
	}
	for r := range modelRequests {
		s.serverSteps(r, rules, f)
	}
}

func (s modelState) workerSteps(i int, rules modelRules, f func(modelState)) {
	w := s.workers[i]
	if w.at >= wDead {
		return
	}
	do := func(change func(*modelState, *modelWorker)) {
		n := s
		change(&n, &n.workers[i])
		f(n)
	}
	if w.buffered >= 0 { // the processor gets round to it
		do(func(_ *modelState, w *modelWorker) { w.row, w.buffered = w.buffered, -1 })
	}
	if s.crashes > 0 { // what a dead process has stored becomes visible
		do(func(n *modelState, w *modelWorker) {
			n.crashes--
			if w.buffered >= 0 {
				w.row, w.buffered = w.buffered, -1
			}
			w.at = wDead
		})
	}
	wanted := func(n *modelState, id int) bool { return n.ledger[requestOf(id)] == id }
	switch w.at {
	case wIdle:
		if s.queued > 0 {
			do(func(n *modelState, w *modelWorker) {
				w.at, w.id = wTaken, n.queue[0]
				copy(n.queue[:], n.queue[1:])
				n.queued--
				n.queue[n.queued] = 0
			})
		}
	case wTaken:
		do(func(n *modelState, w *modelWorker) {
			if rules.lookFirst && !wanted(n, w.id) {
				w.at = wUnwant
				return
			}
			w.at = wClaimed
			if !rules.lookFirst {
				w.store(w.id)
			}
		})
	case wClaimed:
		do(func(n *modelState, w *modelWorker) {
			switch {
			case rules.lookFirst:
				w.store(w.id)
			case !wanted(n, w.id):
				w.at = wUnwant
				return
			}
			w.at = wRun
		})
	case wRun:
		do(func(n *modelState, w *modelWorker) { n.runs[requestOf(w.id)]++; w.at = wRan })
	case wRan:
		if w.record == recNone {
			do(func(_ *modelState, w *modelWorker) { w.record, w.recordID, w.at = recFinal, w.id, wSaid })
		}
	case wSaid:
		do(func(_ *modelState, w *modelWorker) { w.store(0); w.at, w.id = wIdle, 0 })
	case wUnwant:
		if w.record == recNone {
			do(func(_ *modelState, w *modelWorker) {
				w.store(0)
				w.record, w.recordID, w.at, w.id = recGivenBack, w.id, wIdle, 0
			})
		}
	}
}

// recordSteps is the server reading from a worker, and noticing its death when
// there is nothing left to read.
func (s modelState) recordSteps(i int, f func(modelState)) {
	w := s.workers[i]
	switch {
	case w.record == recFinal:
		if r := requestOf(w.recordID); s.phase[r] != sOver && sendID(r, s.sends[r]) == w.recordID {
			s.phase[r], s.ledger[r] = sOver, 0
		}
	case w.record == recGivenBack:
		if r := requestOf(w.recordID); s.phase[r] == sFlying && sendID(r, s.sends[r]) == w.recordID {
			s.phase[r], s.ledger[r] = sVoided, 0
		}
	case w.at == wDead:
		if w.row != 0 {
			if r := requestOf(w.row); s.phase[r] != sOver && sendID(r, s.sends[r]) == w.row {
				s.phase[r], s.ledger[r] = sOver, 0 // 502
			}
		}
		s.workers[i].at = wBuried
		f(s)
		return
	default:
		return
	}
	s.workers[i].record, s.workers[i].recordID = recNone, 0
	f(s)
}

func (s modelState) serverSteps(r int, rules modelRules, f func(modelState)) {
	id := sendID(r, s.sends[r])
	switch s.phase[r] {
	case sFlying: // asked after because it is lost, or for no reason
		n := s
		if !s.lost(id) {
			if s.doubts == 0 {
				return
			}
			n.doubts--
		}
		n.phase[r], n.ledger[r] = sVoided, 0
		f(n)
	case sVoided:
		n := s
		if !rules.noBarrier {
			n = n.flush()
		}
		n.phase[r] = sFenced
		f(n)
	case sFenced, sHalf: // one row at a time: they go on changing meanwhile
		n := s
		row := s.workers[s.phase[r]-sFenced]
		switch {
		case row.record == recFinal && row.recordID == id && !rules.noReplies:
			return // reading it comes first
		case row.row == id && row.at < wDead && !rules.noRows:
			n.phase[r], n.ledger[r] = sFlying, id
		case row.row == id && row.at >= wDead:
			if row.at == wDead {
				return // burying it comes first: it says what became of its claim
			}
			n.phase[r], n.ledger[r] = sOver, 0
		case s.phase[r] == sFenced:
			n.phase[r] = sHalf
		case s.sends[r] < modelSends:
			n = n.push(r)
		default:
			n.phase[r] = sOver // withdrawn: the client is told, nobody runs it
		}
		f(n)
	}
}

// lost tells whether nobody can answer a send any more.
func (s modelState) lost(id int) bool {
	for _, q := range s.queue[:s.queued] {
		if q == id {
			return false
		}
	}
	for _, w := range s.workers {
		if w.at < wDead && w.id == id || w.record != recNone && w.recordID == id || w.at == wDead {
			return false
		}
	}
	return true
}

// explore returns the number of states and the first thing that went wrong.
func explore(rules modelRules) (states int, problem string) {
	start := modelState{doubts: 2, crashes: 1}
	for i := range start.workers {
		start.workers[i].buffered = -1
	}
	for r := range modelRequests {
		start = start.push(r)
	}
	seen := map[modelState]bool{start: true}
	for todo := []modelState{start}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		stuck := true
		s.steps(rules, func(n modelState) {
			stuck = false
			if !seen[n] {
				seen[n] = true
				todo = append(todo, n)
			}
		})
		for r := range modelRequests {
			if s.runs[r] > 1 {
				return len(seen), fmt.Sprintf("request %d runs twice: %+v", r, s)
			}
			if stuck && s.phase[r] != sOver {
				return len(seen), fmt.Sprintf("request %d is lost: %+v", r, s)
			}
		}
	}
	return len(seen), ""
}

func TestModel(t *testing.T) {
	states, problem := explore(modelRules{})
	if problem != "" {
		t.Error(problem)
	}
	t.Logf("%d states", states)
}

// TestModelFindsMistakes shows that the model can fail: each rule of the
// protocol, left out, lets a request run twice.
func TestModelFindsMistakes(t *testing.T) {
	for name, rules := range map[string]modelRules{
		"look before claim": {lookFirst: true},
		"no barrier":        {noBarrier: true},
		"claims ignored":    {noRows: true},
		"replies unread":    {noReplies: true},
	} {
		if _, problem := explore(rules); problem == "" {
			t.Errorf("%s: nothing went wrong", name)
		}
	}
}
