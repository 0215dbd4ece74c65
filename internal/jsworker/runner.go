package jsworker

import (
	"bytes"
	"html"
	"io"
	"net/http"
	"strings"
)

// runner runs requests with the app as its files are.
type runner struct {
	process
	source *source
	app    *app
	script []byte // that the app was made from
	wrong  string // why the files as they are now do not run, "" = they do
	untold error  // why they did not when the worker started
}

func newRunner(s *source, p process) *runner { return &runner{process: p, source: s} }

// start loads the app for the first time. A worker that starts while the files
// do not run, in the place of another, has what ran last.
func (r *runner) start() error {
	err := r.renew(r.source.read)
	if err == nil || r.source.watch == nil {
		return err
	}
	if r.renew(r.source.last) != nil {
		return err
	}
	r.wrong, r.untold = err.Error(), err
	return nil
}

// reload is worker.App.Reload.
func (r *runner) reload() (bool, error) {
	untold := r.untold
	r.untold = nil
	if !r.source.changed() {
		return false, untold
	}
	if err := r.renew(r.source.again); err != nil {
		r.catchUp()
		r.wrong = err.Error()
		return false, err
	}
	return true, nil
}

// catchUp loads what ran last in any worker: nobody is to get an older answer
// than another worker has given.
func (r *runner) catchUp() {
	if script, err := r.source.last(); err == nil && !bytes.Equal(script, r.script) {
		_ = r.renew(func() ([]byte, error) { return script, nil }) // else what there is goes on
	}
}

// renew puts the app that a script makes in the place of the one that there is.
// That stays when it cannot.
func (r *runner) renew(read func() ([]byte, error)) error {
	script, err := read()
	if err != nil {
		return err
	}
	a, err := load(script, r.process)
	if err != nil {
		r.guard.watch(r.app)
		return err
	}
	if r.app != nil {
		r.app.close()
		r.guard.watch(a)
	}
	r.app, r.script, r.wrong = a, script, ""
	r.source.keep(script)
	return nil
}

// after is worker.App.After.
func (r *runner) after() { r.app.after() }

// ServeHTTP implements http.Handler.
func (r *runner) ServeHTTP(rw http.ResponseWriter, q *http.Request) {
	if r.wrong != "" && r.browser(q) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		rw.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(rw, "<!doctype html><title>The code does not run</title><pre>"+html.EscapeString(r.wrong)+"</pre>\n")
		return
	}
	r.app.serve(rw, q)
}

// browser tells whether somebody is to be shown why the code does not run.
func (r *runner) browser(q *http.Request) bool {
	return r.source.env == "development" && q.Method == http.MethodGet &&
		strings.Contains(q.Header.Get("Accept"), "text/html")
}
