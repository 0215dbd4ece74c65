package reload

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/control"
	"github.com/rip-server/rip-server/test/driver"
)

// edits are the ways in which people save code. Each ends with the answer that
// the code must give.
var edits = []struct {
	name string
	do   func(e *editing)
}{
	{"in place", func(e *editing) { e.c.main++; e.good(e.c.saveMain) }},
	{"nested package", func(e *editing) { e.c.nested++; e.good(e.c.saveNested) }},
	{"broken, then right", func(e *editing) { e.broken(e.c.brk); e.c.main++; e.good(e.c.saveMain) }},
	{"atomic rename", func(e *editing) {
		e.c.main++
		e.good(func() { e.c.replace(e.c.in.main, e.c.mainText()) })
	}},
	{"embedded file", func(e *editing) { e.c.embedded++; e.good(e.c.saveEmbedded) }},
	{"burst", func(e *editing) {
		first := *e.c
		e.c.main += 10
		e.c.nested += 10
		e.c.embedded += 10
		e.good(func() {
			for range 10 {
				first.main++
				first.nested++
				first.embedded++
				first.saveMain()
				first.saveNested()
				first.saveEmbedded()
			}
		})
	}},
	{"half-written", func(e *editing) {
		e.c.main++
		text := e.c.mainText()
		half := len(text) - 4
		e.broken(func() { e.c.write(e.c.in.main, text[:half]) })
		e.good(func() { e.c.add(e.c.in.main, text[half:]) })
	}},
	{"new file", func(e *editing) { e.c.extra++; e.good(e.c.saveExtra) }},
	{"many files", func(e *editing) { e.c.many++; e.good(e.c.saveMany) }},
	{"module file", func(e *editing) { e.same(func() { e.c.add(e.c.in.module, e.c.in.space) }) }},
	{"does not start, then right", func(e *editing) {
		e.broken(e.c.die)
		e.c.main++
		e.good(e.c.saveMain)
	}},
	{"broken and back", func(e *editing) { e.broken(e.c.brk); e.same(e.c.saveMain) }},
}

// Whatever is saved and however: no request fails, whoever asks 100 ms after
// the save gets the new code, and a burst is one reload. Code that does not
// compile or start is told to the developer, and the old goes on.
//
// Workers that load TypeScript again by themselves do so one after the other,
// and each as often as it looks while files are written.
func TestEdits(t *testing.T)           { testEdits(t, golang, atOnce) }
func TestEditsTypeScript(t *testing.T) { testEdits(t, typescript, byWorker) }

func testEdits(t *testing.T, in *language, turn turn) {
	driver.BothSockets(t, func(t *testing.T, socket string) {
		c := newCodeIn(t, in)
		s := driver.Start(t, driver.Options{App: c.dir, Socket: socket, Workers: 2, Quiet: true, Args: []string{"--json-logging", "--max-reloads=0"}, Env: []string{fastLink}})
		files := openFiles(s)
		e := &editing{c: c, s: s, r: readCode(s, c.answer(), turn), byWorker: turn == byWorker}
		n := len(edits)
		switch {
		case driver.Long():
			n = 200
		case testing.Short():
			n = 3
		}
		for i := range n {
			edit := edits[i%len(edits)]
			e.name = fmt.Sprintf("edit %d, %s", i+1, edit.name)
			began := time.Now()
			edit.do(e)
			e.r.good()
			t.Logf("%s: %v", e.name, time.Since(began).Round(time.Millisecond))
		}
		e.r.stop()
		settled(s, 2, files)
	})
}

// editing is an app that is edited under load.
type editing struct {
	c    *code
	s    *driver.Server
	r    *readers
	name string

	byWorker bool // each loads the code itself
}

// good saves code that must run, with one reload.
func (e *editing) good(save func()) {
	loaded := e.reload()
	e.r.expect(e.c.answer(), save)
	e.r.await()
	loaded()
	e.page(200, e.c.answer())
	if last := e.lastError(); last != "" {
		e.s.Fatalf("%s: the last error is still %q", e.name, last)
	}
}

// same saves code that does not differ, for a reload that nobody sees.
func (e *editing) same(save func()) {
	loaded := e.reload()
	save()
	loaded()
	e.page(200, e.c.answer())
}

// reload returns a function that waits for one from now on.
func (e *editing) reload() (wait func()) {
	if !e.byWorker {
		reloads := e.count("reloaded")
		return func() { e.one("reloaded", reloads) }
	}
	before := e.s.FullStatus().WorkerList
	return func() {
		e.workers("has the new code", func(i int, w control.Worker) bool { return w.Code > before[i].Code && w.LastError == "" })
	}
}

// workers waits until something is true of each of them, and of the process
// that it was.
func (e *editing) workers(what string, condition func(i int, w control.Worker) bool) {
	pids := e.s.WorkerPIDs()
	e.s.Eventually(e.name+": every worker "+what, func() error {
		for i, w := range e.s.FullStatus().WorkerList {
			if !slices.Contains(pids, w.PID) || !condition(i, w) {
				return fmt.Errorf("worker %+v", w)
			}
		}
		return nil
	})
}

// broken saves code that must not run.
func (e *editing) broken(save func()) {
	if e.byWorker {
		save()
		e.workers("says what is wrong", func(_ int, w control.Worker) bool { return strings.Contains(w.LastError, e.c.in.main+":") })
	} else {
		reloads, failures := e.count("reloaded"), e.count("restart failed")
		save()
		e.one("restart failed", failures)
		if n := e.count("reloaded"); n != reloads {
			e.s.Fatalf("%s: broken code was loaded", e.name)
		}
	}
	e.r.more(20) // with the old code, or they are problems
	last := e.lastError()
	if !strings.Contains(last, e.c.in.main+":") {
		e.s.Fatalf("%s: the last error names no line: %q", e.name, last)
	}
	e.page(500, e.c.in.main+":")
}

// page asks as a browser does.
func (e *editing) page(status int, text string) {
	a, err := e.s.Do(&driver.Request{Target: "/", Fields: []string{"Accept: text/html,application/xhtml+xml,*/*;q=0.8"}})
	if err != nil {
		e.s.Fatalf("%s: %v", e.name, err)
	}
	if a.Status != status || !strings.Contains(string(a.Body), text) {
		e.s.Fatalf("%s: a browser gets status %d and %q, want %d and %q", e.name, a.Status, a.Body, status, text)
	}
}

func (e *editing) count(event string) int { return count(e.s, event) }

// one waits until something has been logged once more, which must not be twice.
func (e *editing) one(event string, before int) {
	e.s.Eventually(e.name+": "+event, func() error {
		if n := e.count(event); n != before+1 {
			return fmt.Errorf("%d times, before %d", n, before)
		}
		return nil
	})
}

func (e *editing) lastError() string { return e.s.FullStatus().LastError }
