package webapi

import (
	"bytes"
	"embed"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// The scripts of testdata are tests in JavaScript. Each of them is run in an
// engine of its own, after a harness that defines test, equal and throws, and
// ends when all its tests have: they may wait for timers and completions.
//
//go:embed testdata/*.js
var testScripts embed.FS

func testOptions(t testing.TB) Options {
	t.Helper()
	l := NewLoop()
	t.Cleanup(l.Close)
	return Options{
		Loop:    l,
		Stdout:  io.Discard,
		Stderr:  io.Discard,
		Environ: []string{"HOME=/home/app", "EMPTY=", "EQUALS=a=b"},
		Failed:  func(err *quickjs.Error) { t.Errorf("%v\n%s", err, err.Stack) },
	}
}

// scripted is an engine that runs a script of testdata.
type scripted struct {
	*quickjs.Engine
	rip            quickjs.Value
	loop           *Loop
	stdout, stderr *bytes.Buffer
	failed         []string
}

func newScripted(t testing.TB) *scripted {
	t.Helper()
	e, err := quickjs.New(quickjs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	o := testOptions(t)
	s := &scripted{Engine: e, loop: o.Loop, stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}
	o.Stdout, o.Stderr = s.stdout, s.stderr
	o.Failed = func(err *quickjs.Error) { s.failed = append(s.failed, err.Error()) }
	if s.rip, err = Install(e, o); err != nil {
		t.Fatal(err)
	}
	return s
}

// eval runs a script and the jobs it leaves.
func (s *scripted) eval(t testing.TB, source string) string {
	t.Helper()
	v, err := s.Eval(source, "test.js")
	if err == nil {
		err = s.RunJobs()
	}
	if err != nil {
		if thrown := (*quickjs.Error)(nil); errors.As(err, &thrown) {
			t.Fatalf("%v\n%s", err, thrown.Stack)
		}
		t.Fatal(err)
	}
	defer v.Free()
	return v.String()
}

// runScript runs the harness and a script, and fails for each test in it that
// failed.
func runScript(t *testing.T, name string, before func(*scripted)) {
	t.Helper()
	s := newScripted(t)
	if before != nil {
		before(s)
	}
	for _, file := range []string{"harness.js", name} {
		source, err := testScripts.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		s.eval(t, string(source)+"\n;undefined")
	}
	s.eval(t, "run()")
	turnUntil(t, s.loop, func() bool { return s.eval(t, "finished") == "true" })
	if failures := s.eval(t, "failures.join('\\n')"); failures != "" {
		t.Error(failures)
	}
	if s.eval(t, "count > 0") != "true" {
		t.Errorf("%s has no tests", name)
	}
	if len(s.failed) > 0 {
		t.Errorf("uncaught: %s", strings.Join(s.failed, "\n"))
	}
}
