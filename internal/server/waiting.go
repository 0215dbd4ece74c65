package server

import (
	"log/slog"
	"strconv"
	"time"

	"github.com/rip-server/rip-server/internal/manager"
)

// What it takes to say that more workers would help: for a while there was
// always a request that waited, nearly always every worker had one, and the
// workers themselves had nearly nothing to do with them.
const (
	waitingLook   = 250 * time.Millisecond
	waitingWindow = 5 * time.Second
	allBusy       = 0.9 // of the workers, on average
	atRest        = 0.7 // of their time, on average, in which they neither ran nor waited for a processor
	mostCPU       = 0.5 // of the processors that the server may use
	mostTimes     = 4   // as many workers are advised at once: each takes memory
	mostWorkers   = 256 // that there can be
)

// waiting notices that requests wait while the workers wait too, for a
// database say, and says once that there are too few of them. Where the
// processors are what there is too little of, a worker runs, or waits for one to
// run on, and nothing is said.
type waiting struct {
	cpus   int
	queue  func() (queued, running int)
	toil   func() map[int]toil // of the workers that take requests, by process
	advise func(advice)

	began   time.Time // of the window, zero = there is none
	before  map[int]toil
	looks   int
	queued  int // sums
	running int
}

// toil is what a worker has done since it started.
type toil struct {
	cpu   time.Duration            // of it and the children that it has waited for
	delay map[string]time.Duration // by thread, in which it could have run, and others did
}

// advice is what is said, and what by.
type advice struct {
	workers int
	queued  int     // requests that waited, on average
	atRest  float64 // of the workers' time
	enough  int     // workers that are likely so
}

// look is called again and again. It returns true when there is nothing more to
// say.
func (w *waiting) look(now time.Time) (over bool) {
	queued, running := w.queue()
	if queued == 0 || running == 0 {
		w.began = time.Time{}
		return false
	}
	if w.began.IsZero() {
		if w.before = w.toil(); len(w.before) > 0 {
			w.began, w.looks, w.queued, w.running = now, 0, 0, 0
		}
		return false
	}
	w.looks++
	w.queued += queued
	w.running += running
	passed := now.Sub(w.began)
	if passed < waitingWindow {
		return false
	}
	w.began = time.Time{}
	a, ok := w.judge(passed)
	if ok {
		w.advise(a)
	}
	return ok
}

func (w *waiting) judge(passed time.Duration) (advice, bool) {
	var cpu, delay time.Duration
	workers := 0
	after := w.toil()
	for pid, before := range w.before {
		if now, ok := after[pid]; ok {
			workers++
			cpu += now.cpu - before.cpu
			for thread, d := range now.delay { // one that has ended takes a moment of this with it
				delay += d - before.delay[thread]
			}
		}
	}
	if workers == 0 || workers < len(w.before) || len(after) != workers {
		return advice{}, false // some were replaced meanwhile: it is no quiet time
	}
	queued, running := float64(w.queued)/float64(w.looks), float64(w.running)/float64(w.looks)
	all := float64(passed) * float64(workers)
	a := advice{workers: workers, queued: int(queued + 0.5), atRest: 1 - float64(cpu+delay)/all}
	if running < allBusy*float64(workers) || a.atRest < atRest || float64(cpu) > mostCPU*float64(w.cpus)*float64(passed) {
		return advice{}, false
	}
	// So many that nobody has to wait, or that they keep half of the processors
	// busy, whichever is less.
	most := running + queued
	if cpu > 0 {
		most = min(most, mostCPU*float64(w.cpus)*float64(passed)/(float64(cpu)/float64(workers)))
	}
	for a.enough = 2 * workers; float64(a.enough) < most && a.enough < mostTimes*workers; {
		a.enough *= 2
	}
	a.enough = min(a.enough, mostWorkers)
	return a, a.enough > workers
}

// startWaiting looks until it has said something, or the server stops.
func (s *server) startWaiting() (stop func()) {
	w := waiting{
		cpus:  s.processors,
		queue: func() (int, int) { n := s.socket.Counts(); return n.Queued, n.Running },
		toil: func() map[int]toil {
			return toilOf(s.manager.Workers())
		},
		advise: s.advise,
	}
	quit, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		ticker := time.NewTicker(waitingLook)
		defer ticker.Stop()
		for {
			select {
			case <-quit:
				return
			case now := <-ticker.C:
				if w.look(now) {
					return
				}
			}
		}
	}()
	return func() {
		close(quit)
		<-over
	}
}

func (s *server) advise(a advice) {
	s.log.Warn("requests wait while all workers wait for something else than a processor, such as a database: more workers would help",
		slog.Int("waiting", a.queued), slog.Int("workers", a.workers), slog.Int("at-rest-percent", int(100*a.atRest)),
		slog.String("try", "w:"+strconv.Itoa(a.enough)), slog.String("docs", "docs/workers.md"))
}

// toilOf returns what the workers have done that take requests, nil where that
// cannot be known.
func toilOf(workers []manager.Worker) map[int]toil {
	list := map[int]toil{}
	for _, w := range workers {
		if w.State != manager.Ready || w.Spent {
			continue
		}
		delay, children, ok := delayOf(w.PID)
		if !ok {
			return nil
		}
		list[w.PID] = toil{cpu: w.CPU + children, delay: delay}
	}
	return list
}
