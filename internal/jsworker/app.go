package jsworker

import (
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/rip-server/rip-server/internal/bundle"
	"github.com/rip-server/rip-server/internal/quickjs"
	"github.com/rip-server/rip-server/internal/webapi"
)

//go:embed dispatch.js
var dispatchScript string

// scriptName is what the engine calls the bundle in stack traces.
const scriptName = "rip:bundle"

// app is an app that was loaded: an engine of its own, and what is under way
// in it.
type app struct {
	process
	engine *quickjs.Engine
	loop   *webapi.Loop
	trace  *trace
	run    quickjs.Value // of dispatch.js
	gone   quickjs.Value

	count      int       // requests so far
	current    *exchange // that runs
	background int       // promises of waitUntil that are not settled
	timer      *time.Timer
	tending    *tending
	searching  bool // for the stack of what hangs
}

// load makes an app of a bundle. It returns when the app has been evaluated,
// with what it waits for at its top level.
func load(script []byte, p process) (*app, error) {
	engine, err := quickjs.New(quickjs.Options{Memory: p.limits.memory})
	if err != nil {
		return nil, err
	}
	code, sourceMap := bundle.Split(script)
	a := &app{process: p, engine: engine, loop: webapi.NewLoop(), trace: &trace{sourceMap: sourceMap}, timer: time.NewTimer(0)}
	a.guard.watch(a)
	if err := a.evaluate(string(code)); err != nil {
		a.close()
		return nil, a.explain(err)
	}
	return a, nil
}

// close ends what is under way in the app, and frees its memory.
func (a *app) close() {
	a.untend()
	a.guard.watch(nil)
	a.loop.Close()
	a.engine.Close()
}

func (a *app) evaluate(code string) error {
	e := a.engine
	rip, err := webapi.Install(e, webapi.Options{
		Loop: a.loop, Stdout: a.stdout, Stderr: a.stderr, Environ: a.environ, Failed: a.failed, Stack: a.trace.stack,
	})
	if err != nil {
		return err
	}
	program, err := e.Eval(code, scriptName)
	if err != nil {
		return err
	}
	defer program.Free()
	host, err := a.hostObject()
	if err != nil {
		return err
	}
	promise, err := e.Call(program, quickjs.Undefined, host)
	if err != nil {
		return err
	}
	exported, err := a.settled(promise)
	if err != nil {
		return err
	}
	return a.connect(rip, host, exported.Index(0))
}

// settled waits for what the app does at its top level.
func (a *app) settled(promise quickjs.Value) (quickjs.Value, error) {
	if err := a.engine.RunJobs(); err != nil {
		return quickjs.Undefined, err
	}
	for promise.State() == quickjs.Pending {
		if !a.turn(nil) {
			return quickjs.Undefined, errors.New("the app waits at its top level (await) for something that cannot come any more")
		}
	}
	if promise.State() == quickjs.Rejected {
		return quickjs.Undefined, a.engine.Describe(promise.Result())
	}
	return promise.Result(), nil
}

// connect makes the functions that run requests.
func (a *app) connect(rip, host, exported quickjs.Value) error {
	e := a.engine
	start, err := e.Eval(dispatchScript, "rip:dispatch")
	if err != nil {
		return err
	}
	functions, err := e.Eval("({})", "rip:dispatch")
	if err != nil {
		return err
	}
	for name, f := range a.functions() {
		if err := functions.Set(name, f); err != nil {
			return err
		}
	}
	made, err := e.Call(start, quickjs.Undefined, rip, functions, exported, host.Get("env"))
	if err != nil {
		return err
	}
	a.run, a.gone = made.Get("run"), made.Get("gone")
	return nil
}

// explain adds the user's lines to an error of the engine.
func (a *app) explain(err error) error {
	if thrown := (*quickjs.Error)(nil); errors.As(err, &thrown) {
		a.hung(thrown)
		return errors.New(a.trace.text(thrown))
	}
	return err
}

// failed notes an error that nobody has caught.
func (a *app) failed(err *quickjs.Error) {
	a.hung(err)
	fmt.Fprintf(a.stderr, "uncaught %s\n", a.trace.text(err))
}

// unhandled notes the rejections of promises that nobody listens to.
func (a *app) unhandled() {
	for _, err := range a.engine.Unhandled() {
		a.hung(err)
		fmt.Fprintf(a.stderr, "unhandled rejection: %s\n", a.trace.text(err))
	}
}
